package blackhole.orchestrator.remote;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Ever longer waits, up to a bound, each spread so that many nodes don't come at once. */
final class Backoff {
  private static final long FIRST_MILLIS = 500;
  private static final double FACTOR = 2;
  private static final double SPREAD = 0.2;

  private final long maxMillis;
  private final DoubleSupplier random;
  private double nextMillis;

  /**
   * @param random from 0 to 1
   */
  Backoff(Duration max, DoubleSupplier random) {
    this.maxMillis = max.toMillis();
    this.random = random;
    reset();
  }

  void reset() {
    nextMillis = Math.min(FIRST_MILLIS, maxMillis);
  }

  Duration next() {
    double spread = 1 + SPREAD * (2 * random.getAsDouble() - 1);
    Duration wait = Duration.ofMillis(Math.round(nextMillis * spread));
    nextMillis = Math.min(nextMillis * FACTOR, maxMillis);
    return wait;
  }
}
