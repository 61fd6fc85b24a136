package blackhole.process;

import blackhole.api.process.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The files of {@code /proc}. Whatever vanishes while it is read is simply not there: a process may
 * end between any two looks.
 */
final class ProcFs {
  private final Path root;

  ProcFs() {
    this(Path.of("/proc"));
  }

  /** For tests, with a folder laid out like {@code /proc}. */
  ProcFs(Path root) {
    this.root = root;
  }

  /** A process that has not ended. */
  Optional<ProcessStat> stat(long pid) {
    try {
      // the name in it is whatever bytes the program chose
      String line = Files.readString(file(pid, "stat"), StandardCharsets.ISO_8859_1);
      return ProcessStat.parse(line).filter(stat -> !stat.ended());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** As {@link #stat(long)}, but of exactly this process, not of a later one of its number. */
  Optional<ProcessStat> stat(ProcessIdentity process) {
    return stat(process.pid()).filter(stat -> stat.startTicks() == process.startTicks());
  }

  boolean lives(ProcessIdentity process) {
    return stat(process).isPresent();
  }

  /** Whether it is certain that a process has ended: a look that fails says nothing. */
  boolean hasEnded(ProcessIdentity process) {
    try {
      String line = Files.readString(file(process.pid(), "stat"), StandardCharsets.ISO_8859_1);
      return ProcessStat.parse(line)
          .filter(stat -> !stat.ended() && stat.startTicks() == process.startTicks())
          .isEmpty();
    } catch (IOException e) {
      return Files.notExists(root.resolve(Long.toString(process.pid())));
    }
  }

  /** What the process was started with: entries of the form {@code NAME=value}. */
  List<String> environment(long pid) {
    try {
      String block = Files.readString(file(pid, "environ"), StandardCharsets.ISO_8859_1);
      List<String> entries = new ArrayList<>();
      for (String entry : block.split("\0", 0)) {
        entries.add(utf8(entry));
      }
      return entries;
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Empty when the process is gone, or another user's. */
  OptionalInt openFiles(long pid) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(file(pid, "fd"))) {
      int count = 0;
      for (Path ignored : entries) {
        count++;
      }
      return OptionalInt.of(count);
    } catch (IOException | DirectoryIteratorException e) {
      return OptionalInt.empty();
    }
  }

  /** Does any process live in this group, of the session of the same number? */
  boolean groupLives(long group) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "[0-9]*")) {
      for (Path entry : entries) {
        OptionalLong pid = pid(entry);
        if (pid.isPresent() && isMember(pid.getAsLong(), group)) {
          return true;
        }
      }
      return false;
    } catch (IOException | DirectoryIteratorException e) {
      return false;
    }
  }

  private boolean isMember(long pid, long group) {
    return stat(pid).filter(stat -> stat.group() == group && stat.session() == group).isPresent();
  }

  private Path file(long pid, String name) {
    return root.resolve(Long.toString(pid)).resolve(name);
  }

  private static OptionalLong pid(Path entry) {
    try {
      return OptionalLong.of(Long.parseLong(entry.getFileName().toString()));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static String utf8(String latin1) {
    return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
