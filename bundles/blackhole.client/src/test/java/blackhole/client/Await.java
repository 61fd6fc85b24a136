package blackhole.client;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for what other threads do. */
public final class Await {
  private static final long DEADLINE_SECONDS = 30;

  private Await() {}

  /** Fails when the condition doesn't come to hold. */
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!condition.call()) {
      if (System.nanoTime() - endNanos > 0) {
        throw new AssertionError("still not: " + what);
      }
      var unused = never.await(10, TimeUnit.MILLISECONDS);
    }
  }

  /** Waits for a latch, and fails when nobody opens it. */
  public static void open(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the latch was not opened");
    }
  }
}
