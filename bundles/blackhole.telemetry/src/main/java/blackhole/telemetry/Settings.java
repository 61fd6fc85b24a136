package blackhole.telemetry;

import static blackhole.api.service.CustomSettings.whole;

import blackhole.telemetry.history.Shape;
import java.time.Duration;
import java.util.List;

/**
 * The service's settings, checked.
 *
 * @param maxInstances of which samples are kept
 */
record Settings(Shape shape, int maxInstances) {
  /** As written under {@code custom:}. */
  static final List<String> KEYS =
      List.of("sample_interval", "retention", "max_metrics", "max_instances");

  private static final long MIN_INTERVAL = 100;
  private static final long MAX_INTERVAL = Duration.ofHours(1).toMillis();
  private static final long MAX_SLOTS = 100_000;
  private static final int MIN_METRICS = 16;
  private static final int MAX_METRICS = 1024;
  private static final int MAX_INSTANCES = 1000;

  /**
   * @throws IllegalArgumentException naming the key under {@code custom:} that is wrong, what it
   *     is, and what was expected
   */
  static Settings of(TelemetryCore.Config config) {
    long interval = whole("sample_interval", config::sampleInterval, MIN_INTERVAL, MAX_INTERVAL);
    long retention = whole("retention", config::retention, 2 * interval, MAX_SLOTS * interval);
    return new Settings(
        new Shape(
            interval,
            (int) ((retention + interval - 1) / interval),
            (int) whole("max_metrics", config::maxMetrics, MIN_METRICS, MAX_METRICS)),
        (int) whole("max_instances", config::maxInstances, 1, MAX_INSTANCES));
  }
}
