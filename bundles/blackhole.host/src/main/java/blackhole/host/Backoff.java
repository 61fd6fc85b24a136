package blackhole.host;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Growing delays between attempts, with jitter at the cap too. Used in one serial context. */
final class Backoff {
  private static final double FACTOR = 2;
  private static final double JITTER = 0.2;

  private final Duration initial;
  private final Duration max;
  private final DoubleSupplier random;
  private double nextNanos;

  /**
   * @param random evenly from 0 to 1
   */
  Backoff(Duration initial, Duration max, DoubleSupplier random) {
    this.initial = initial;
    this.max = max;
    this.random = random;
    this.nextNanos = initial.toNanos();
  }

  Duration next() {
    double nanos = Math.min(nextNanos, (double) max.toNanos());
    nextNanos = nanos * FACTOR;
    double jitter = 1 + JITTER * (2 * random.getAsDouble() - 1);
    return Duration.ofNanos((long) (nanos * jitter));
  }

  void reset() {
    nextNanos = initial.toNanos();
  }
}
