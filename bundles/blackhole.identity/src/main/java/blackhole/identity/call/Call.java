package blackhole.identity.call;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A caller's patience: a deadline on the monotonic clock, and whether the caller has gone. Whatever
 * waits, waits no longer than {@link #remainingNanos}. Thread-safe.
 */
public final class Call {
  private final LongSupplier nanoTime;
  private final long deadlineNanos;
  private volatile boolean cancelled;

  private Call(LongSupplier nanoTime, long remainingNanos) {
    this.nanoTime = nanoTime;
    this.deadlineNanos = nanoTime.getAsLong() + remainingNanos;
  }

  public static Call within(Duration limit) {
    return within(limit, System::nanoTime);
  }

  public static Call within(Duration limit, LongSupplier nanoTime) {
    return new Call(nanoTime, limit.toNanos());
  }

  /** What is left until the deadline; 0 when it has passed. */
  public long remainingNanos() {
    return Math.max(0, deadlineNanos - nanoTime.getAsLong());
  }

  /** As {@link #remainingNanos}, rounded up and no more than the bound given. */
  public int remainingMillis(int atMost) {
    return (int) Math.min(atMost, TimeUnit.NANOSECONDS.toMillis(remainingNanos()) + 1);
  }

  /** Nobody waits for the answer any more: work that has not begun need not begin. */
  public void cancel() {
    cancelled = true;
  }

  /** Whether the caller has gone or its deadline has passed. */
  public boolean isOver() {
    return cancelled || remainingNanos() == 0;
  }
}
