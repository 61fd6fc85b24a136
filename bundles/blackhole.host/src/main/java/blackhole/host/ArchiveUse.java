package blackhole.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether this JVM uses a class-data archive, in words. Read from {@code /proc}, because the JVM's
 * management beans would cost a start some 20 ms.
 */
final class ArchiveUse {
  private static final List<String> FLAGS = List.of("-XX:SharedArchiveFile=", "-XX:AOTCache=");

  private ArchiveUse() {}

  static String describe() {
    try {
      return describe(read("/proc/self/cmdline"), read("/proc/self/maps"));
    } catch (IOException e) {
      return "unknown (" + e.getMessage() + ")";
    }
  }

  /**
   * @param commandLine arguments, each ended by NUL
   * @param maps what the process has mapped: an archive that the JVM refused is not among it
   */
  static String describe(String commandLine, String maps) {
    String archive = "";
    for (String argument : commandLine.split("\0", -1)) {
      for (String flag : FLAGS) {
        if (argument.startsWith(flag)) {
          // the last one counts, as for the JVM
          archive = argument.substring(flag.length());
        }
      }
    }
    if (archive.isEmpty()) {
      return "none";
    }
    return archive + (maps.contains(archive) ? " (in use)" : " (not in use)");
  }

  private static String read(String file) throws IOException {
    return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
  }
}
