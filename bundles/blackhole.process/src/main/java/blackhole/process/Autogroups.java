package blackhole.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The kernel's scheduling group of each session (sched_autogroup in sched(7)). Where there are
 * such, and no cgroups in their place, CPU time is shared out among sessions, nice values count
 * within one only, and each session has a nice value of its own.
 */
record Autogroups(Path proc) {
  /** Sets its session's, then becomes the rest. One that is refused is said, and not fatal. */
  private static final String SET =
      "echo \"$1\" >/proc/self/autogroup || echo \"cannot make the session nice $1\" >&2;"
          + " shift; exec \"$@\"";

  boolean exist() {
    try {
      return Files.readString(proc.resolve("sys/kernel/sched_autogroup_enabled"))
          .strip()
          .equals("1");
    } catch (IOException e) {
      return false;
    }
  }

  /** For a process that leads a session of its own. */
  static List<String> nice(String shell, int nice) {
    return List.of(shell, "-c", SET, "sh", Integer.toString(nice));
  }

  /** The same for one that runs. */
  Outcome renice(long leader, int nice) {
    try {
      Files.writeString(proc.resolve(leader + "/autogroup"), Integer.toString(nice));
      return Outcome.done("nice " + nice);
    } catch (IOException e) {
      return Outcome.failed("cannot make its session nice " + nice + ": " + e.getMessage());
    }
  }
}
