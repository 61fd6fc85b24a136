package blackhole.ledger.call;

import blackhole.sqlite.Patience;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A caller's patience: a deadline on the monotonic clock, and whether the caller has gone. Whatever
 * waits, waits no longer than {@link #remainingNanos}. Thread-safe.
 */
public final class Call implements Patience {
  private final long deadlineNanos;
  private final BooleanSupplier gone;

  private Call(long remainingNanos, BooleanSupplier gone) {
    this.deadlineNanos = System.nanoTime() + remainingNanos;
    this.gone = gone;
  }

  public static Call within(Duration limit) {
    return within(limit, () -> false);
  }

  /**
   * @param gone whether nobody waits for the answer any more; asked from any thread
   */
  public static Call within(Duration limit, BooleanSupplier gone) {
    return new Call(limit.toNanos(), gone);
  }

  /** What is left until the deadline; 0 when it has passed. */
  @Override
  public long remainingNanos() {
    return Math.max(0, deadlineNanos - System.nanoTime());
  }

  /** Whether the caller has gone or its deadline has passed. */
  @Override
  public boolean isOver() {
    return gone.getAsBoolean() || remainingNanos() == 0;
  }
}
