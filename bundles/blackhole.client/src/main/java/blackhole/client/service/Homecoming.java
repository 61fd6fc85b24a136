package blackhole.client.service;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Brings calls back from other nodes to this one's instances that are there again: a growing part
 * of them over a moment, so that an instance which has just started is not met by all at once. Only
 * calls of services whose every call may go to other nodes take part. Thread-safe.
 */
final class Homecoming {
  static final Duration DURATION = Duration.ofSeconds(2);

  private final LongSupplier nanoTime;
  private final long startedNanos;

  Homecoming(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    startedNanos = nanoTime.getAsLong();
  }

  /** How many of the calls go home by now: from 0 to 1, where it stays. */
  double share() {
    double passed = nanoTime.getAsLong() - startedNanos;
    return Math.min(1, passed / DURATION.toNanos());
  }

  boolean isOver() {
    return share() >= 1;
  }

  /** For one call. */
  boolean goesHome() {
    return ThreadLocalRandom.current().nextDouble() < share();
  }
}
