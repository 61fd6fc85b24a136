package blackhole.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Time that passes while something is measured, or settles: there is no event to wait for. */
public final class Pause {
  private Pause() {}

  public static void of(Duration time) {
    until(System.nanoTime() + time.toNanos());
  }

  /** Returns at once where that is over. */
  public static void until(long nanoTime) {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
