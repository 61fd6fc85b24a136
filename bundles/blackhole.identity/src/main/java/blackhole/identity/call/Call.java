package blackhole.identity.call;

import blackhole.sqlite.Patience;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A caller's patience: a deadline on the monotonic clock, and whether the caller has gone. Whatever
 * waits, waits no longer than {@link #remainingNanos}. Thread-safe.
 */
public final class Call implements Patience {
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
  @Override
  public long remainingNanos() {
    return Math.max(0, deadlineNanos - nanoTime.getAsLong());
  }

  /** Nobody waits for the answer any more: work that has not begun need not begin. */
  public void cancel() {
    cancelled = true;
  }

  /** Whether the caller has gone or its deadline has passed. */
  @Override
  public boolean isOver() {
    return cancelled || remainingNanos() == 0;
  }
}
