package blackhole.launcher;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * How often, and how soon, an orchestrator that died is started again: at once, then after 1 s, 2
 * s, 4 s, 8 s; the sixth death within a minute is the last. A node that can't hold itself up must
 * not keep a machine busy, and says so with its exit code. Not thread-safe.
 */
final class RestartBudget {
  private static final int RESTARTS = 5;
  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Deque<Long> deaths = new ArrayDeque<>();

  /**
   * Records a death.
   *
   * @param nowNanos as {@link System#nanoTime}
   * @return how long to wait before the next start, in milliseconds; empty to give up
   */
  OptionalLong died(long nowNanos) {
    while (!deaths.isEmpty() && nowNanos - deaths.getFirst() > WINDOW_NANOS) {
      deaths.removeFirst();
    }
    int recent = deaths.size();
    if (recent >= RESTARTS) {
      return OptionalLong.empty();
    }
    deaths.addLast(nowNanos);
    return OptionalLong.of(recent == 0 ? 0 : 1000L << (recent - 1));
  }
}
