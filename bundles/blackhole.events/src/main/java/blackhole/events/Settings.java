package blackhole.events;

import static blackhole.api.service.CustomSettings.whole;

import blackhole.events.stream.StreamSettings;
import java.time.Duration;
import java.util.List;

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
    long segment = whole("segment_size", config::segmentSize, MIN_SEGMENT, MAX_SEGMENT);
    StreamSettings stream =
        new StreamSettings(
            segment,
            whole("retention_size", config::retentionSize, 2 * segment, MAX_RETENTION),
            Duration.ofMillis(whole("retention_age", config::retentionAge, 1, MAX_AGE)),
            sync(config.sync()),
            whole("cache_size", config::cacheSize, 0, 1 << 30),
            (int) whole("duplicate_window", config::duplicateWindow, 0, 10_000_000),
            (int) whole("buffer", config::buffer, 1, MAX_BUFFER),
            (int) whole("max_subscribers", config::maxSubscribers, 1, 100_000),
            (int) whole("max_groups", config::maxGroups, 0, 10_000));
    return new Settings(
        stream, (int) whole("max_event_size", config::maxEventSize, 1 << 10, MAX_EVENT));
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
}
