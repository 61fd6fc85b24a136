package blackhole.launcher;

import java.time.Duration;

/** Reads durations as people write them. */
final class Durations {
  private Durations() {}

  /** {@code 500ms}, {@code 30s}, {@code 2m} or {@code 1h}. */
  static Duration parse(String option, String text) {
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    // Nine digits are 31 years of seconds: more is a slip, and would overflow.
    if (digits > 0 && digits <= 9) {
      long number = Long.parseLong(text.substring(0, digits));
      Duration duration =
          switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> null;
          };
      if (duration != null) {
        return duration;
      }
    }
    throw LauncherException.usage(
        option + " is not a duration: " + text, "write it as 500ms, 30s, 2m or 1h");
  }
}
