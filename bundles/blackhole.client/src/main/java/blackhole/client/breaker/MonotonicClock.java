package blackhole.client.breaker;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** Tells time that never jumps; only differences mean something. */
final class MonotonicClock extends Clock {
  private final LongSupplier nanoTime;
  private final long originNanos;

  MonotonicClock(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    originNanos = nanoTime.getAsLong();
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(nanoTime.getAsLong() - originNanos);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
