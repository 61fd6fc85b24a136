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
import org.jspecify.annotations.Nullable;

/**
 * Waits for a condition of another thread or process, which cannot call us back, up to a deadline.
 */
public final class Await {
  private static final long LEAST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  private static final long MOST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /**
   * Looks take a fifth of the time at most: a node that starts on a small machine needs the rest,
   * and answers when it has it.
   */
  private static final long RESTS_PER_LOOK = 4;

  /** And what has taken long already is not noticed much later by a longer rest. */
  private static final long RESTS_PER_WAIT = 20;

  /** Far more than anything in one process takes, on a slow machine too. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

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
    Looks looks = new Looks(condition);
    looks.next(0);
    try {
      looks.held.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(
          "not within " + timeout.toSeconds() + " s: " + what, looks.lastProblem);
    } catch (ExecutionException e) {
      throw new AssertionError(what, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting: " + what, e);
    } finally {
      looks.held.cancel(false);
    }
  }

  /** As {@link #until(String, Duration, ThrowingCondition)}, for a minute. */
  public static void until(String what, ThrowingCondition condition) {
    until(what, PATIENCE, condition);
  }

  /** Waits as {@link #until}, and gives the value once there is one. */
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

  private static final class Looks {
    private final CompletableFuture<Boolean> held = new CompletableFuture<>();
    private final ThrowingCondition condition;
    private final long begin = System.nanoTime();
    private volatile @Nullable Throwable lastProblem;

    Looks(ThrowingCondition condition) {
      this.condition = condition;
    }

    void next(long restNanos) {
      ScheduledFuture<?> unused = LOOKER.schedule(this::look, restNanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
      if (held.isDone()) {
        return;
      }
      long from = System.nanoTime();
      try {
        if (condition.holds()) {
          held.complete(true);
          return;
        }
      } catch (Exception | AssertionError e) {
        lastProblem = e;
      } catch (Error e) {
        // will be no better the next time
        held.completeExceptionally(e);
        return;
      }
      long now = System.nanoTime();
      long rest = Math.max(RESTS_PER_LOOK * (now - from), (now - begin) / RESTS_PER_WAIT);
      next(Math.min(Math.max(rest, LEAST_REST_NANOS), MOST_REST_NANOS));
    }
  }
}
