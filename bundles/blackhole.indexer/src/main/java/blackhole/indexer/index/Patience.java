package blackhole.indexer.index;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.lucene.index.QueryTimeout;

/** How long a search may take. Thread-safe. */
public final class Patience implements QueryTimeout {
  private final long deadlineNanos;
  private final BooleanSupplier gone;

  private Patience(long deadlineNanos, BooleanSupplier gone) {
    this.deadlineNanos = deadlineNanos;
    this.gone = gone;
  }

  /**
   * @param gone whether nobody waits for the answer any more; asked from any thread
   */
  public static Patience of(Duration limit, BooleanSupplier gone) {
    return new Patience(System.nanoTime() + limit.toNanos(), gone);
  }

  @Override
  public boolean shouldExit() {
    return System.nanoTime() - deadlineNanos > 0 || gone.getAsBoolean();
  }
}
