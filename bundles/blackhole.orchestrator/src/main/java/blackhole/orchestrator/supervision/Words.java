package blackhole.orchestrator.supervision;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How amounts are told to a person. */
final class Words {
  private Words() {}

  /** As it would stand in a configuration: {@code 250 ms}, {@code 1.5 s}, {@code 10 min}. */
  static String of(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + " h";
    }
    if (millis % 60_000 == 0) {
      return millis / 60_000 + " min";
    }
    return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + " s";
  }

  /** As a stopwatch shows it: {@code 0.42 s}. */
  static String measured(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
  }

  /** {@code a}, {@code a and b}, {@code a, b and c}. */
  static String list(List<String> items) {
    int last = items.size() - 1;
    return last < 1
        ? String.join("", items)
        : String.join(", ", items.subList(0, last)) + " and " + items.get(last);
  }

  /** Health checks in a row. */
  static String unanswered(int count) {
    return count == 1
        ? "a health check was not answered"
        : count + " health checks in a row were not answered";
  }

  static String times(int count) {
    return count == 1 ? "once" : count + " times";
  }
}
