package blackhole.endpoint.health;

import blackhole.api.service.HealthCheck;
import blackhole.api.service.HealthResult;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one author's check, once at a time: whoever asks while it runs shares that run, so a check
 * that hangs holds one thread and no more. Thread-safe.
 */
final class CheckRunner {
  private static final System.Logger LOG = System.getLogger(CheckRunner.class.getName());

  /** One run; its result is never exceptional. */
  record Run(long startedNanos, CompletableFuture<HealthResult> result) {}

  private final String name;
  private final Supplier<HealthCheck> check;
  private final Executor executor;
  private final LongSupplier nanoTime;
  private final long timeoutNanos;
  private @Nullable Run latest; // guarded by this
  private @Nullable String lastThrown; // used by the one run at a time

  CheckRunner(
      String name,
      Supplier<HealthCheck> check,
      Executor executor,
      LongSupplier nanoTime,
      long timeoutNanos) {
    this.name = name;
    this.check = check;
    this.executor = executor;
    this.nanoTime = nanoTime;
    this.timeoutNanos = timeoutNanos;
  }

  /** The run in progress, or a new one. */
  synchronized Run start() {
    if (latest != null && !latest.result().isDone()) {
      return latest;
    }
    Run run = new Run(nanoTime.getAsLong(), new CompletableFuture<>());
    latest = run;
    executor.execute(() -> run.result().complete(call()));
    return run;
  }

  private HealthResult call() {
    try {
      HealthResult result = check.get().check();
      lastThrown = null;
      return result == null ? unhealthy("gave no result") : result;
    } catch (Throwable t) {
      logOnce(t);
      return unhealthy("failed: " + t);
    }
  }

  /** Checks are asked again and again; the same failure is told with its stack trace only once. */
  private void logOnce(Throwable thrown) {
    String described = thrown.toString();
    if (!described.equals(lastThrown)) {
      lastThrown = described;
      LOG.log(Level.WARNING, "the health check " + name + " failed", thrown);
    }
  }

  /** Waits for this run, until the timeout after its start at most. */
  HealthResult await(Run run) {
    try {
      long remainingNanos = run.startedNanos() + timeoutNanos - nanoTime.getAsLong();
      return run.result().get(Math.max(0, remainingNanos), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      long seconds = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - run.startedNanos());
      return unhealthy("has not answered for " + Math.max(1, seconds) + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unhealthy("was not waited for");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private HealthResult unhealthy(String what) {
    return HealthResult.unhealthy("check " + name + " " + what);
  }
}
