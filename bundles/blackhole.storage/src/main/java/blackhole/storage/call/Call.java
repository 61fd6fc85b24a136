package blackhole.storage.call;

import blackhole.sqlite.Patience;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A caller's patience: a deadline on the monotonic clock, and whether the caller has gone; and on
 * whose behalf it calls. Whatever waits, waits no longer than {@link #remainingNanos}. Thread-safe.
 */
public final class Call implements Patience {
  private final long deadlineNanos;
  private final BooleanSupplier gone;
  private final String user;

  private Call(long deadlineNanos, BooleanSupplier gone, String user) {
    this.deadlineNanos = deadlineNanos;
    this.gone = gone;
    this.user = user;
  }

  public static Call within(Duration limit) {
    return within(limit, () -> false);
  }

  /**
   * @param gone whether nobody waits for the answer any more; asked from any thread
   */
  public static Call within(Duration limit, BooleanSupplier gone) {
    return new Call(System.nanoTime() + limit.toNanos(), gone, "");
  }

  /**
   * The same, on behalf of a user.
   *
   * @param did the user's; empty for none
   */
  public Call by(String did) {
    return new Call(deadlineNanos, gone, did);
  }

  /** The DID of the user on whose behalf it is; empty for none. */
  public String user() {
    return user;
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
