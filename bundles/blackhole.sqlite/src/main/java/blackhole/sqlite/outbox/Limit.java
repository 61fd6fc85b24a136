package blackhole.sqlite.outbox;

import blackhole.sqlite.Patience;
import java.time.Duration;

/** The patience of one that is nobody's caller. */
record Limit(long endNanos) implements Patience {
  static Limit of(Duration duration) {
    return new Limit(System.nanoTime() + duration.toNanos());
  }

  @Override
  public long remainingNanos() {
    return Math.max(0, endNanos - System.nanoTime());
  }

  @Override
  public boolean isOver() {
    return remainingNanos() == 0;
  }
}
