package blackhole.analytics.store;

import blackhole.sqlite.Patience;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A caller's patience: a deadline on the monotonic clock, and whether the caller has gone. */
public record Within(long deadlineNanos, BooleanSupplier gone) implements Patience {
  public static Within of(Duration limit) {
    return of(limit, () -> false);
  }

  /**
   * Within a limit, and as long as somebody waits.
   *
   * @param gone whether nobody waits for the answer any more; asked from any thread
   */
  public static Within of(Duration limit, BooleanSupplier gone) {
    return new Within(System.nanoTime() + limit.toNanos(), gone);
  }

  @Override
  public long remainingNanos() {
    return Math.max(0, deadlineNanos - System.nanoTime());
  }

  @Override
  public boolean isOver() {
    return gone.getAsBoolean() || remainingNanos() == 0;
  }
}
