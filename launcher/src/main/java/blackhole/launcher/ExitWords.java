package blackhole.launcher;

/** Exit codes of a JVM, in words. */
final class ExitWords {
  /** Stands for a process that could not be started; no process can end with it. */
  static final int NOT_STARTED = 256;

  private static final int OUT_OF_MEMORY = 3;

  private ExitWords() {}

  /** Goes on from "it". */
  static String of(int code) {
    if (code == NOT_STARTED) {
      return "could not be started";
    }
    if (code == OUT_OF_MEMORY) {
      return "ran out of memory (exit code 3)";
    }
    if (code <= 128) {
      return "ended with exit code " + code;
    }
    int signal = code - 128;
    return switch (signal) {
      case 4 -> "crashed (SIGILL)";
      case 6 -> "crashed (SIGABRT)";
      case 7 -> "crashed (SIGBUS)";
      case 9 -> "was killed (SIGKILL)";
      case 11 -> "crashed (SIGSEGV)";
      case 15 -> "was ended by SIGTERM";
      default -> "was ended by signal " + signal;
    };
  }
}
