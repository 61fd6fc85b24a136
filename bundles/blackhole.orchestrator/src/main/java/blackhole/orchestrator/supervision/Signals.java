package blackhole.orchestrator.supervision;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The signals of Linux, as exit codes show them. */
final class Signals {
  static final int KILL = 9;

  /** Of a program that went wrong by itself: nobody sends these from outside, as a rule. */
  private static final Set<Integer> FAULTS = Set.of(4, 5, 6, 7, 8, 11, 31);

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(5, "SIGTRAP"),
          Map.entry(6, "SIGABRT"),
          Map.entry(7, "SIGBUS"),
          Map.entry(8, "SIGFPE"),
          Map.entry(KILL, "SIGKILL"),
          Map.entry(10, "SIGUSR1"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(12, "SIGUSR2"),
          Map.entry(13, "SIGPIPE"),
          Map.entry(14, "SIGALRM"),
          Map.entry(15, "SIGTERM"),
          Map.entry(24, "SIGXCPU"),
          Map.entry(25, "SIGXFSZ"),
          Map.entry(31, "SIGSYS"));

  private static final int LAST = 64;

  private Signals() {}

  /** The signal that an exit code of 128 + n stands for. */
  static Optional<String> ofExitCode(int exitCode) {
    int signal = exitCode - 128;
    return signal >= 1 && signal <= LAST
        ? Optional.of(NAMES.getOrDefault(signal, "SIG" + signal))
        : Optional.empty();
  }

  static boolean isFault(int exitCode) {
    return FAULTS.contains(exitCode - 128);
  }
}
