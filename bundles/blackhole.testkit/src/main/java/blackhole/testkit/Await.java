package blackhole.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waits for a condition of another process, which cannot call us back, up to a deadline. */
public final class Await {
  private static final long LOOK_EVERY_MILLIS = 25;

  private static final ScheduledExecutorService LOOKER =
      Executors.newScheduledThreadPool(
          2,
          task -> {
            Thread thread = new Thread(task, "await");
            thread.setDaemon(true);
            return thread;
          });

  private Await() {}

  /**
   * Returns when the condition holds.
   *
   * @param what the condition in words, for the error
   * @throws AssertionError when it does not hold within the time; the last exception that the
   *     condition threw is its cause
   */
  public static void until(String what, Duration timeout, ThrowingCondition condition) {
    CompletableFuture<Boolean> held = new CompletableFuture<>();
    Throwable[] last = new Throwable[1];
    ScheduledFuture<?> looks =
        LOOKER.scheduleWithFixedDelay(
            () -> {
              try {
                if (condition.holds()) {
                  held.complete(true);
                }
              } catch (Exception | AssertionError e) {
                last[0] = e;
              }
            },
            0,
            LOOK_EVERY_MILLIS,
            TimeUnit.MILLISECONDS);
    try {
      held.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("not within " + timeout.toSeconds() + " s: " + what, last[0]);
    } catch (ExecutionException e) {
      throw new AssertionError(what, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting: " + what, e);
    } finally {
      looks.cancel(false);
    }
  }

  /** As {@link #until}, and gives the value once there is one. */
  public static <T> T value(String what, Duration timeout, Supplier<Optional<T>> supplier) {
    CompletableFuture<T> found = new CompletableFuture<>();
    until(
        what,
        timeout,
        () -> {
          Optional<T> value = supplier.get();
          return value.isPresent() && found.complete(value.get());
        });
    return found.join();
  }

  /** A look that may fail; a failure means "not yet". */
  @FunctionalInterface
  public interface ThrowingCondition {
    boolean holds() throws Exception;
  }
}
