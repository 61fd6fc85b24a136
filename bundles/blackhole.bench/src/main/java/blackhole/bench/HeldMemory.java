package blackhole.bench;

import blackhole.testkit.CommandResult;
import blackhole.testkit.Commands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM holds right after it has collected its garbage, asked of it by the JDK's jcmd.
 *
 * @param pssMegabytes proportional set size
 * @param liveMegabytes of its heap's objects
 */
public record HeldMemory(double pssMegabytes, double liveMegabytes) {
  /** A generation's line, or that of a heap without any; not the one of Metaspace. */
  private static final Pattern USED =
      Pattern.compile("(?:generation|heap)\\s+total \\d+K, used (\\d+)K");

  public static HeldMemory of(long pid) throws IOException {
    String unused = jcmd(pid, "GC.run");
    return new HeldMemory(
        ProcessMemory.pssMegabytes(pid), liveMegabytes(jcmd(pid, "GC.heap_info")));
  }

  /**
   * @throws IllegalArgumentException when there is no heap in it
   */
  static double liveMegabytes(String heapInfo) {
    Matcher used = USED.matcher(heapInfo);
    long kilobytes = 0;
    while (used.find()) {
      kilobytes += Long.parseLong(used.group(1));
    }
    if (kilobytes == 0) {
      throw new IllegalArgumentException("no heap in: " + heapInfo);
    }
    return kilobytes / 1024.0;
  }

  private static String jcmd(long pid, String command) throws IOException {
    List<String> line =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
            Long.toString(pid),
            command);
    CommandResult said = Commands.run(line);
    if (said.exitCode() != 0) {
      throw new IOException(String.join(" ", line) + ": " + said.stderr());
    }
    return said.stdout();
  }
}
