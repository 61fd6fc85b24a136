package blackhole.shell.text;

import java.time.Duration;
import java.util.Optional;

/** Durations as people type them. */
public final class ShortDuration {
  /** In seconds these are 31 years: more is a slip, and would overflow. */
  private static final int MOST_DIGITS = 9;

  private ShortDuration() {}

  /** {@code 500ms}, {@code 30s}, {@code 2m} or {@code 1h}; empty for anything else. */
  public static Optional<Duration> parse(String text) {
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    if (digits == 0 || digits > MOST_DIGITS) {
      return Optional.empty();
    }
    long number = Long.parseLong(text.substring(0, digits));
    return switch (text.substring(digits)) {
      case "ms" -> Optional.of(Duration.ofMillis(number));
      case "s" -> Optional.of(Duration.ofSeconds(number));
      case "m" -> Optional.of(Duration.ofMinutes(number));
      case "h" -> Optional.of(Duration.ofHours(number));
      default -> Optional.empty();
    };
  }
}
