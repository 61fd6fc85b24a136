package blackhole.endpoint;

import blackhole.endpoint.call.CallCounters;
import blackhole.endpoint.call.CallGuard;
import blackhole.endpoint.call.Stopping;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The orderly end of open listeners: no new connections, no new calls on old ones, those in flight
 * may finish. Only calls of the process's own services are waited for; a client that holds a
 * reflection stream open for ever would make every drain last its full timeout.
 */
final class Drain {
  /** How long a client may take to see GOAWAY and to leave, once its calls have ended. */
  private static final long GOODBYE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** How long cancelled calls may take to end. */
  private static final long CANCEL_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Listeners listeners;
  private final CallCounters calls;
  private final CallGuard guard;

  Drain(Listeners listeners, CallCounters calls, CallGuard guard) {
    this.listeners = listeners;
    this.calls = calls;
    this.guard = guard;
  }

  /**
   * @return how many calls were cancelled
   */
  int run(Duration timeout) throws InterruptedException {
    long endNanos = System.nanoTime() + timeout.toNanos();
    listeners.shutdown();
    boolean left = false;
    do {
      awaitIdle(endNanos - System.nanoTime());
      left = listeners.awaitTermination(Math.min(GOODBYE_NANOS, endNanos - System.nanoTime()));
      // a call may have come in just before its client saw GOAWAY
    } while (!left && calls.active() > 0 && System.nanoTime() - endNanos < 0);
    int cancelled = left ? 0 : calls.active();
    if (!left) {
      // a reset connection would look like a cancellation, which clients don't try elsewhere
      guard.endAll(Stopping.STATUS);
      boolean unused = listeners.awaitTermination(GOODBYE_NANOS);
      listeners.shutdownNow();
      unused = listeners.awaitTermination(CANCEL_NANOS);
    }
    return cancelled;
  }

  private void awaitIdle(long timeoutNanos) throws InterruptedException {
    try {
      calls.whenIdle().get(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // those that are left are cancelled
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
