package blackhole.endpoint.call;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Lets so many events a second pass, and as many at once after a second of rest. Any second holds
 * at most twice the rate (the saved-up burst, and what comes in meanwhile), and the long run
 * exactly the rate.
 *
 * <p>It keeps one number: when the bucket will be full again (the "theoretical arrival time" of the
 * generic cell rate algorithm). Thread-safe without a lock; a refusal writes nothing.
 */
final class TokenBucket {
  private final long intervalNanos;
  private final long burstNanos;
  private final LongSupplier nanoTime;
  private final AtomicLong fullAtNanos;

  /**
   * @param rate events a second, from 1; above a million it is met to about a thousandth
   */
  TokenBucket(int rate, LongSupplier nanoTime) {
    this.intervalNanos = Math.max(1, TimeUnit.SECONDS.toNanos(1) / rate);
    this.burstNanos = intervalNanos * rate;
    this.nanoTime = nanoTime;
    this.fullAtNanos = new AtomicLong(nanoTime.getAsLong());
  }

  /**
   * @return 0 when the event may pass, else the nanoseconds until the next one may
   */
  long tryTake() {
    long now = nanoTime.getAsLong();
    while (true) {
      long fullAt = fullAtNanos.get();
      // differences only: the clock of System.nanoTime may overflow
      long next = (fullAt - now > 0 ? fullAt : now) + intervalNanos;
      long waitNanos = next - now - burstNanos;
      if (waitNanos > 0) {
        return waitNanos;
      }
      if (fullAtNanos.compareAndSet(fullAt, next)) {
        return 0;
      }
    }
  }
}
