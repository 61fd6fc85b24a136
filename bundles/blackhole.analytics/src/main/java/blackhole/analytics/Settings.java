package blackhole.analytics;

import static blackhole.api.service.CustomSettings.whole;

import blackhole.analytics.count.PayloadFields;
import blackhole.analytics.store.Limits;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * The service's settings, checked.
 *
 * @param saveInterval between two saves
 * @param subjects which field of an event's data says what it is about
 * @param values which field of an event's data is a number to be measured
 */
record Settings(
    Limits limits, Duration saveInterval, PayloadFields subjects, PayloadFields values) {
  /** As written under {@code custom:}. */
  static final List<String> KEYS =
      List.of(
          "minutes",
          "hours",
          "days",
          "max_types",
          "save_interval",
          "subjects",
          "values",
          "cache_size");

  private static final int MAX_WINDOWS = 10_000;
  private static final int MAX_TYPES = 1000;
  private static final long MAX_SAVE_MILLIS = Duration.ofMinutes(10).toMillis();
  private static final long MIN_CACHE = 256 << 10;
  private static final long MAX_CACHE = 1 << 30;

  /**
   * @throws IllegalArgumentException naming the key under {@code custom:} that is wrong, what it
   *     is, and what was expected
   */
  static Settings of(AnalyticsCore.Config config) {
    Limits limits =
        new Limits(
            (int) whole("minutes", config::minutes, 1, MAX_WINDOWS),
            (int) whole("hours", config::hours, 1, MAX_WINDOWS),
            (int) whole("days", config::days, 1, MAX_WINDOWS),
            (int) whole("max_types", config::maxTypes, 1, MAX_TYPES),
            whole("cache_size", config::cacheSize, MIN_CACHE, MAX_CACHE));
    return new Settings(
        limits,
        Duration.ofMillis(whole("save_interval", config::saveInterval, 10, MAX_SAVE_MILLIS)),
        fields("subjects", config::subjects),
        fields("values", config::values));
  }

  private static PayloadFields fields(String key, Supplier<String[]> setting) {
    try {
      return PayloadFields.parse(List.of(setting.get()));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("custom." + key + " has " + e.getMessage(), e);
    }
  }
}
