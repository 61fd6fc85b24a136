package blackhole.host;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an exception says, without its stack. */
final class FailureText {
  private static final int MAX_CAUSES = 5;

  private FailureText() {}

  /** The messages from the outermost to the innermost cause that adds something. */
  static String of(Throwable problem) {
    List<String> parts = new ArrayList<>();
    @Nullable Throwable each = problem;
    for (int i = 0; each != null && i < MAX_CAUSES; i++) {
      add(parts, each.toString());
      each = each.getCause();
    }
    return join(parts);
  }

  /** The same from a printed stack trace, which is all that SCR keeps of an exception. */
  static String ofStackTrace(String trace) {
    List<String> parts = new ArrayList<>();
    for (String line : trace.lines().toList()) {
      String text = line.startsWith("Caused by: ") ? line.substring("Caused by: ".length()) : line;
      boolean starts = parts.isEmpty() || line.startsWith("Caused by: ");
      if (starts && !text.isBlank() && parts.size() < MAX_CAUSES) {
        add(parts, text.strip());
      }
    }
    return join(parts);
  }

  private static void add(List<String> parts, String text) {
    int last = parts.size() - 1;
    // a wrapper that has no message, or only its cause's, adds nothing
    if (last >= 0 && (parts.get(last).indexOf(':') < 0 || parts.get(last).endsWith(text))) {
      parts.set(last, text);
    } else {
      parts.add(text);
    }
  }

  private static String join(List<String> parts) {
    return parts.isEmpty() ? "no reason given" : String.join(": ", parts);
  }
}
