package blackhole.process;

import java.util.Optional;

/**
 * One reading of {@code /proc/PID/stat}, as far as it is of use here; proc_pid_stat(5) has the
 * fields.
 *
 * @param state a letter: R, S, D, Z, T, ...
 * @param group the process group
 * @param session the session
 * @param cpuTicks user and system time
 * @param threads kernel threads
 * @param startTicks from boot to its start
 * @param rssPages resident memory
 */
record ProcessStat(
    char state,
    long group,
    long session,
    long cpuTicks,
    int threads,
    long startTicks,
    long rssPages) {
  private static final int FIELDS_BEFORE_STATE = 2;

  /**
   * Reads a line. The second field is the program's name in parentheses, which may itself hold
   * spaces, parentheses and line breaks: what follows is counted from the last parenthesis.
   *
   * @return empty when this is no such line
   */
  static Optional<ProcessStat> parse(String line) {
    int nameEnd = line.lastIndexOf(')');
    if (nameEnd < 0 || nameEnd + 2 >= line.length()) {
      return Optional.empty();
    }
    String[] fields = line.substring(nameEnd + 2).trim().split(" ", -1);
    try {
      return Optional.of(
          new ProcessStat(
              fields[0].charAt(0),
              number(fields, 5),
              number(fields, 6),
              number(fields, 14) + number(fields, 15),
              Math.toIntExact(number(fields, 20)),
              number(fields, 22),
              number(fields, 24)));
    } catch (IndexOutOfBoundsException | ArithmeticException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** It has ended, and only waits for its parent to ask how. */
  boolean ended() {
    return state == 'Z' || state == 'X';
  }

  /** A field by its number in the manual page, which counts from 1. */
  private static long number(String[] fields, int number) {
    return Long.parseLong(fields[number - FIELDS_BEFORE_STATE - 1]);
  }
}
