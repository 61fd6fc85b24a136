package blackhole.api.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Counts values in buckets. Recording takes no lock, makes no garbage, and costs about as much as
 * two additions. Thread-safe.
 */
public final class Histogram {
  /**
   * Where buckets end.
   *
   * @param scale how many of what is recorded make one of what is told: 1e9 for nanoseconds that
   *     are told in seconds
   * @param bounds in what is told, ascending
   */
  public record Buckets(double scale, List<Double> bounds) {
    /** Nanoseconds, told in seconds, from 100 µs to half a minute. */
    public static final Buckets SECONDS =
        new Buckets(
            1e9,
            List.of(
                0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                1.0, 2.5, 5.0, 10.0, 30.0));

    /** Bytes, from 64 to 16 MiB. */
    public static final Buckets BYTES =
        new Buckets(1, Stream.iterate(64.0, bound -> bound * 4).limit(10).toList());

    public Buckets {
      bounds = List.copyOf(bounds);
      for (int i = 1; i < bounds.size(); i++) {
        if (bounds.get(i - 1) >= bounds.get(i)) {
          throw new IllegalArgumentException("bounds must ascend: " + bounds);
        }
      }
    }
  }

  private final double scale;
  private final long[] bounds;
  private final LongAdder[] counts;
  private final LongAdder sum = new LongAdder();

  public Histogram(Buckets buckets) {
    scale = buckets.scale();
    bounds =
        buckets.bounds().stream().mapToLong(bound -> Math.round(bound * buckets.scale())).toArray();
    counts = new LongAdder[bounds.length + 1];
    Arrays.setAll(counts, unused -> new LongAdder());
  }

  /** Counts one value, in the unit that is recorded. */
  public void record(long value) {
    int bucket = 0;
    // most values are small: this ends sooner than a search by halves
    while (bucket < bounds.length && value > bounds[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    sum.add(value);
  }

  /** How many values were counted. */
  long count() {
    long count = 0;
    for (LongAdder each : counts) {
      count += each.sum();
    }
    return count;
  }

  /** What was counted; what comes while it is read may be in one part of it only. */
  Metric.Series series(List<String> values) {
    List<Long> buckets = Stream.of(counts).map(LongAdder::sum).toList();
    return new Metric.Series(values, sum.sum() / scale, buckets);
  }
}
