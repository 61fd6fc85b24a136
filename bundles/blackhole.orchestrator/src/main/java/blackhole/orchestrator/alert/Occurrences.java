package blackhole.orchestrator.alert;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** When something happened within the last while, from a count that only grows. Not thread-safe. */
final class Occurrences {
  /** More than any limit. */
  private static final int KEPT = 200;

  private final Deque<Long> times = new ArrayDeque<>();
  private long counted;

  /**
   * @param count since some beginning; what is less than before has begun anew
   * @param nowNanos monotonic
   */
  void count(long count, long nowNanos) {
    add(count < counted ? count : count - counted, nowNanos);
    counted = count;
  }

  /** Some that are known to have happened, though nobody knows when: now, at the latest. */
  void add(long more, long nowNanos) {
    for (long i = 0; i < Math.min(more, KEPT); i++) {
      times.addLast(nowNanos);
    }
    while (times.size() > KEPT) {
      times.removeFirst();
    }
  }

  /** Somebody has taken care. */
  void forget() {
    times.clear();
  }

  int within(Duration window, long nowNanos) {
    while (!times.isEmpty() && nowNanos - times.getFirst() >= window.toNanos()) {
      times.removeFirst();
    }
    return times.size();
  }
}
