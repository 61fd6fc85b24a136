package blackhole.events;

import blackhole.events.stream.StreamSettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * The service's settings, checked.
 *
 * @param maxEventBytes of one event, as a message
 */
record Settings(StreamSettings stream, int maxEventBytes) {
  /** As written under {@code custom:}. */
  static final List<String> KEYS =
      List.of(
          "retention_size",
          "retention_age",
          "segment_size",
          "sync",
          "max_event_size",
          "buffer",
          "max_subscribers",
          "max_groups",
          "cache_size",
          "duplicate_window");

  /** What a subscriber may ask for, too. */
  static final int MAX_BUFFER = 10_000;

  private static final long MIN_SEGMENT = 4 << 10;
  private static final long MAX_SEGMENT = 1 << 30;
  private static final long MAX_RETENTION = 1L << 50;
  private static final long MAX_AGE = Duration.ofDays(36_500).toMillis();

  /** gRPC clients take messages of 4 MB unless told otherwise. */
  private static final long MAX_EVENT = 2 << 20;

  /**
   * @throws IllegalArgumentException naming the key under {@code custom:} that is wrong, what it
   *     is, and what was expected
   */
  static Settings of(EventsCore.Config config) {
    long segment = read("segment_size", config::segmentSize, MIN_SEGMENT, MAX_SEGMENT);
    StreamSettings stream =
        new StreamSettings(
            segment,
            read("retention_size", config::retentionSize, 2 * segment, MAX_RETENTION),
            Duration.ofMillis(read("retention_age", config::retentionAge, 1, MAX_AGE)),
            sync(config.sync()),
            read("cache_size", config::cacheSize, 0, 1 << 30),
            (int) read("duplicate_window", config::duplicateWindow, 0, 10_000_000),
            (int) read("buffer", config::buffer, 1, MAX_BUFFER),
            (int) read("max_subscribers", config::maxSubscribers, 1, 100_000),
            (int) read("max_groups", config::maxGroups, 0, 10_000));
    return new Settings(
        stream, (int) read("max_event_size", config::maxEventSize, 1 << 10, MAX_EVENT));
  }

  private static boolean sync(String value) {
    return switch (value) {
      case "commit" -> true;
      case "os" -> false;
      default ->
          throw new IllegalArgumentException(
              "custom.sync is '" + value + "', but must be commit or os");
    };
  }

  private static long read(String key, LongSupplier setting, long min, long max) {
    long value;
    try {
      value = setting.getAsLong();
    } catch (RuntimeException e) {
      // of no fixed type: it comes from the converter of the framework
      throw new IllegalArgumentException(
          "custom." + key + " is not a whole number: " + e.getMessage(), e);
    }
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "custom." + key + " is " + value + ", but must be from " + min + " to " + max);
    }
    return value;
  }

  /**
   * What was set but means nothing here, most likely a slip of the pen.
   *
   * @param properties names of component properties: settings in both spellings, and names with a
   *     dot, which are the framework's
   */
  static SortedSet<String> unknownKeys(Set<String> properties) {
    SortedSet<String> unknown = new TreeSet<>();
    for (String property : properties) {
      String key = property.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
      if (!property.contains(".") && !KEYS.contains(key)) {
        unknown.add(key);
      }
    }
    return unknown;
  }
}
