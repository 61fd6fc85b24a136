package blackhole.process;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says in words why the system would not start a process. The JDK gives {@code error=24, Too many
 * open files} when the program could not be executed, and the text in parentheses alone when the
 * output file could not be opened.
 */
final class LaunchProblem {
  private static final Pattern NUMBERED = Pattern.compile("error=(\\d+), (.*?)(?: \\(.*)?$");

  /** By errno; where the system's own text does not say what to do about it. */
  private static final Map<Integer, String> ADVICE =
      Map.of(
          2, "no such program or folder",
          7, "its arguments and environment are too long",
          8, "not in a format that this machine can execute",
          11, "the system allows no more processes (see ulimit -u and pids.max)",
          12, "not enough memory to start a process",
          13, "permission denied",
          23, "too many open files in the whole system (see fs.file-max)",
          24, "too many open files (see ulimit -n)");

  private LaunchProblem() {}

  static IOException inWords(String program, IOException cause) {
    return new IOException("cannot start " + program + ": " + reason(cause), cause);
  }

  static String reason(IOException cause) {
    String message = String.valueOf(cause.getMessage());
    Matcher numbered = NUMBERED.matcher(message);
    if (!numbered.find()) {
      return message;
    }
    String advice = ADVICE.get(Integer.parseInt(numbered.group(1)));
    return advice != null ? advice : numbered.group(2);
  }
}
