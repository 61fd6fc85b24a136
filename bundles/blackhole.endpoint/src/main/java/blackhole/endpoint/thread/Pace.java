package blackhole.endpoint.thread;

import java.util.concurrent.TimeUnit;

/**
 * Whether tasks of one method have been quick enough of late to run on a thread that others wait
 * for. A slow one weighs as much as {@value #WEIGHT_OF_SLOW} quick ones, about the ratio of what
 * they cost there: a slow task holds the others up until it is noticed, a quick one that is handed
 * to another thread needlessly pays for the hand-over. So the first slow task sends the method
 * away, and it comes back once it is slow in less than one of as many.
 *
 * <p>Used by several threads; updates that are lost now and then don't matter.
 */
final class Pace {
  static final int WEIGHT_OF_SLOW = 32;

  /** So that a method which blocked for hours comes back after a thousand quick tasks. */
  static final int MOST = 32 * WEIGHT_OF_SLOW;

  private static final long SLOW_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

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

  void quick() {
    int now = slowness;
    if (now > 0) {
      slowness = now - 1;
    }
  }

  void slow() {
    slowness = Math.min(slowness + WEIGHT_OF_SLOW, MOST);
  }
}
