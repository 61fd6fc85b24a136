package blackhole.endpoint.thread;

import java.util.concurrent.TimeUnit;

/**
 * Whether the tasks of one method have been quick enough of late to run on a thread that others
 * wait for. A slow one weighs as much as {@value #WEIGHT_OF_SLOW} quick ones, which is about the
 * ratio of what they cost there: a slow task holds others up until it is noticed, a quick one that
 * is handed over needlessly pays for a change of threads. So the first slow task sends a method
 * away, and it comes back when fewer than one in so many are slow.
 *
 * <p>Used by several threads; it doesn't matter that an update is lost now and then.
 */
final class Pace {
  static final int WEIGHT_OF_SLOW = 32;

  /** A method that blocked for hours comes back after a thousand quick tasks. */
  static final int MOST = 32 * WEIGHT_OF_SLOW;

  /**
   * A change of threads costs some 30 µs on a busy machine, so a task that is shorter than this
   * isn't worth one; longer ones are, since in the pool they can use other processors.
   */
  static final long SLOW_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private volatile int slowness;

  boolean isQuick() {
    return slowness < WEIGHT_OF_SLOW;
  }

  void took(long nanos) {
    if (nanos < SLOW_NANOS) {
      quick();
    } else {
      slow();
    }
  }

  private void quick() {
    int now = slowness;
    if (now > 0) {
      slowness = now - 1;
    }
  }

  /** A task has been slow so far, and isn't done yet. */
  void slow() {
    slowness = Math.min(slowness + WEIGHT_OF_SLOW, MOST);
  }
}
