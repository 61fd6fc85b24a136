package blackhole.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The programs that set limits: each sets one and then becomes the next, so that in the end there
 * is one process, which was held to all of them before its first instruction. {@code nice} is of
 * coreutils, the others but {@code sh} of util-linux.
 */
final class LimitTools {
  /** Joins groups, then becomes the rest. One that cannot be joined is said, and not fatal. */
  private static final String JOIN =
      "n=$1; shift; while [ \"$n\" -gt 0 ]; do echo $$ >\"$1/cgroup.procs\""
          + " || echo \"cannot join the cgroup $1\" >&2; shift; n=$((n-1)); done; exec \"$@\"";

  private static final double WEIGHT_OF_A_NICE_STEP = 1.25;

  /** They take milliseconds; on a machine that is loaded, their start alone may take seconds. */
  private static final long TIMEOUT_SECONDS = 10;

  private final Privileges privileges;
  private final Autogroups autogroups;
  private final @Nullable String searchPath;

  LimitTools(Privileges privileges, Autogroups autogroups, @Nullable String searchPath) {
    this.privileges = privileges;
    this.autogroups = autogroups;
    this.searchPath = searchPath;
  }

  /** Can a process join groups? */
  Optional<String> shell() {
    return find("sh");
  }

  List<String> join(Collection<Path> groups) {
    if (groups.isEmpty()) {
      return List.of();
    }
    List<String> prefix = new ArrayList<>();
    prefix.addAll(List.of(shell().orElse("/bin/sh"), "-c", JOIN, "sh", "" + groups.size()));
    groups.forEach(group -> prefix.add(group.toString()));
    return prefix;
  }

  /** The nice value that comes nearest to a CPU weight: each step is a quarter more. */
  static int niceOf(int cpuWeight) {
    long steps = Math.round(Math.log(cpuWeight / 100.0) / Math.log(WEIGHT_OF_A_NICE_STEP));
    return (int) Math.max(-20, Math.min(19, -steps));
  }

  Outcome canNice(int nice) {
    if (nice < privileges.lowestNice()) {
      return Outcome.failed("no right to a nice value below " + privileges.lowestNice());
    }
    return needs("nice", "nice " + nice);
  }

  List<String> nice(int nice) {
    if (nice == 0) {
      return List.of();
    }
    List<String> prefix = new ArrayList<>();
    if (sessionsCompete()) {
      prefix.addAll(Autogroups.nice(shell().orElse("/bin/sh"), nice));
    }
    prefix.addAll(List.of(path("nice"), "-n", Integer.toString(nice)));
    return prefix;
  }

  /** Each process is started in a session of its own, where that can be. */
  private boolean sessionsCompete() {
    return autogroups.exist() && find("setsid").isPresent();
  }

  /** Changes the nice value of what runs, but only so that it could be changed back. */
  Outcome renice(long group, int before, int nice) {
    if (nice > before && privileges.lowestNice() >= 0) {
      return Outcome.failed("no right to take a nice value back");
    }
    Outcome processes =
        run("nice " + nice, "renice", "-n", Integer.toString(nice), "-g", "" + group);
    return processes.enforced() && sessionsCompete() ? autogroups.renice(group, nice) : processes;
  }

  Outcome canIonice(int level) {
    return needs("ionice", ionice(level));
  }

  List<String> ioniced(int level) {
    return List.of(path("ionice"), "-c", "2", "-n", Integer.toString(level));
  }

  Outcome ionice(long group, int level) {
    return run(ionice(level), "ionice", "-c", "2", "-n", "" + level, "-P", "" + group);
  }

  private static String ionice(int level) {
    return "ionice, best effort " + level;
  }

  Outcome canLimitFiles(int count) {
    if (count > privileges.mostOpenFiles()) {
      return Outcome.failed(
          "the node itself may have no more than " + privileges.mostOpenFiles() + " open files");
    }
    return needs("prlimit", "RLIMIT_NOFILE");
  }

  List<String> fileLimit(int count) {
    return List.of(path("prlimit"), "--nofile=" + count);
  }

  Outcome limitFiles(long pid, int count) {
    return run("RLIMIT_NOFILE", "prlimit", "--pid", "" + pid, "--nofile=" + count);
  }

  private Outcome needs(String program, String how) {
    return find(program).isPresent()
        ? Outcome.done(how)
        : Outcome.failed("no " + program + " on PATH");
  }

  private Optional<String> find(String program) {
    return Programs.find(program, searchPath).map(Path::toString);
  }

  private String path(String program) {
    return find(program).orElse(program);
  }

  private Outcome run(String how, String program, String... arguments) {
    Optional<String> path = find(program);
    if (path.isEmpty()) {
      return Outcome.failed("no " + program + " on PATH");
    }
    List<String> command = new ArrayList<>();
    command.add(path.get());
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Outcome.failed(program + " hangs");
      }
      return process.exitValue() == 0
          ? Outcome.done(how)
          : Outcome.failed(program + " was refused by the kernel");
    } catch (IOException e) {
      return Outcome.failed("cannot run " + program + ": " + LaunchProblem.reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.failed("interrupted while " + program + " ran");
    }
  }
}
