package blackhole.process;

import blackhole.api.process.CgroupCounters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds the control groups of a process, of v1 and of v2, and reads what they count; see
 * cgroups(7). Changes nothing. The mounts are read once. Thread-safe.
 */
final class CgroupReader {
  /** In v2, which has one hierarchy for all controllers. */
  private static final String UNIFIED = "";

  private static final long NANOS_PER_MICRO = 1000;

  private final Path proc;
  private final ProcReader files;
  private final List<Mount> mounts;

  /**
   * Where groups are to be seen.
   *
   * @param controllers of v1, separated by commas; {@link #UNIFIED} for v2
   * @param root the group that is seen at the mount point
   */
  private record Mount(String controllers, String root, Path point) {
    boolean has(String controller) {
      return ("," + controllers + ",").contains("," + controller + ",");
    }

    /** The folder of a group; empty for one that is not below what is mounted. */
    Optional<Path> folder(String group) {
      String below = root.equals("/") ? "" : root;
      if (!group.equals(below) && !group.startsWith(below + "/")) {
        return Optional.empty();
      }
      String rest = group.substring(below.length());
      return Optional.of(rest.length() <= 1 ? point : point.resolve(rest.substring(1)));
    }
  }

  /**
   * @param proc where {@code /proc} is
   */
  CgroupReader(Path proc, ProcReader files) {
    this.proc = proc;
    this.files = files;
    this.mounts = mounts(proc.resolve("self/mountinfo"));
  }

  /** Empty when the process is in the root groups only, or is gone. */
  Optional<CgroupCounters> counters(long pid) {
    String groups;
    try {
      groups = files.text(proc.resolve(Long.toString(pid)).resolve("cgroup"));
    } catch (IOException e) {
      return Optional.empty();
    }
    Optional<Path> unified = folder(groups, UNIFIED);
    Optional<Path> cpu = folder(groups, "cpu").or(() -> unified);
    Optional<Path> memory = folder(groups, "memory").or(() -> unified);
    CgroupCounters counters =
        new CgroupCounters(
            number(cpu, "cpu.stat", "nr_throttled "), throttled(cpu), oomKills(memory));
    return Optional.of(counters).filter(CgroupReader::hasAny);
  }

  private static boolean hasAny(CgroupCounters counters) {
    return counters.throttledPeriods().isPresent()
        || counters.throttledTime().isPresent()
        || counters.oomKills().isPresent();
  }

  private Optional<Duration> throttled(Optional<Path> cpu) {
    OptionalLong micros = number(cpu, "cpu.stat", "throttled_usec ");
    if (micros.isPresent()) {
      return Optional.of(Duration.ofNanos(micros.getAsLong() * NANOS_PER_MICRO));
    }
    OptionalLong nanos = number(cpu, "cpu.stat", "throttled_time ");
    return nanos.isPresent() ? Optional.of(Duration.ofNanos(nanos.getAsLong())) : Optional.empty();
  }

  private OptionalLong oomKills(Optional<Path> memory) {
    OptionalLong events = number(memory, "memory.events", "oom_kill ");
    return events.isPresent() ? events : number(memory, "memory.oom_control", "oom_kill ");
  }

  private OptionalLong number(Optional<Path> folder, String file, String key) {
    return folder.isPresent()
        ? files.number(folder.get().resolve(file), key)
        : OptionalLong.empty();
  }

  /**
   * The folder of the group that a process is in.
   *
   * @param groups lines of the form {@code 4:cpu,cpuacct:/group}; {@code 0::/group} for v2
   */
  private Optional<Path> folder(String groups, String controller) {
    for (String line : groups.split("\n", 0)) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3
          && !isNone(parts[2])
          && ("," + parts[1] + ",").contains("," + controller + ",")
          && parts[1].isEmpty() == controller.isEmpty()) {
        return folderOf(controller, parts[2]);
      }
    }
    return Optional.empty();
  }

  /** The root, or one outside of what is visible in a container. */
  private static boolean isNone(String group) {
    return group.equals("/") || group.startsWith("/..");
  }

  private Optional<Path> folderOf(String controller, String group) {
    for (Mount mount : mounts) {
      if (mount.has(controller)) {
        Optional<Path> folder = mount.folder(group);
        if (folder.isPresent()) {
          return folder;
        }
      }
    }
    return Optional.empty();
  }

  /** Lines as proc_pid_mountinfo(5) has them. */
  private static List<Mount> mounts(Path file) {
    List<Mount> mounts = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        mount(line).ifPresent(mounts::add);
      }
    } catch (IOException e) {
      // no mounts are known, so no groups are found
    }
    return List.copyOf(mounts);
  }

  private static Optional<Mount> mount(String line) {
    int separator = line.indexOf(" - ");
    if (separator < 0) {
      return Optional.empty();
    }
    String[] mounted = line.substring(0, separator).split(" ", -1);
    String[] system = line.substring(separator + 3).split(" ", -1);
    if (mounted.length < 5 || system.length < 3) {
      return Optional.empty();
    }
    Path point = Path.of(mounted[4]);
    return switch (system[0]) {
      case "cgroup2" -> Optional.of(new Mount(UNIFIED, mounted[3], point));
      case "cgroup" -> Optional.of(new Mount(system[2], mounted[3], point));
      default -> Optional.empty();
    };
  }
}
