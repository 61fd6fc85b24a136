package blackhole.orchestrator.config.schema;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations such as {@code 500ms}, {@code 30s} and {@code 5m}. */
public final class Durations {
  public static final String PATTERN = "[0-9]+(ms|s|m|h|d)";

  private static final Pattern DURATION = Pattern.compile("([0-9]+)(ms|s|m|h|d)");
  private static final Map<String, Long> UNITS = units();

  private Durations() {}

  private static Map<String, Long> units() {
    Map<String, Long> units = new LinkedHashMap<>();
    units.put("d", 86_400_000L);
    units.put("h", 3_600_000L);
    units.put("m", 60_000L);
    units.put("s", 1_000L);
    units.put("ms", 1L);
    return units;
  }

  /** Whether it has the form of a duration, even if it is too long for any use. */
  public static boolean matches(String text) {
    return DURATION.matcher(text).matches();
  }

  /** Empty if it is not a duration, or one whose milliseconds pass a long. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      long count = Long.parseLong(matcher.group(1));
      long unit = UNITS.getOrDefault(matcher.group(2), 1L);
      return Optional.of(Duration.ofMillis(Math.multiplyExact(count, unit)));
    } catch (NumberFormatException | ArithmeticException tooLarge) {
      return Optional.empty();
    }
  }

  /** In the largest unit that divides it; to the millisecond. */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    return UNITS.entrySet().stream()
        .filter(unit -> millis % unit.getValue() == 0)
        .findFirst()
        .map(unit -> millis / unit.getValue() + unit.getKey())
        .orElseThrow();
  }
}
