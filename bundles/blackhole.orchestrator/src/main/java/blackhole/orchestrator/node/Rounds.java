package blackhole.orchestrator.node;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Does something at an interval that may change meanwhile. Thread-safe. */
final class Rounds {
  private final ScheduledExecutorService timers;
  private final Executor workers;
  private final Supplier<Duration> interval;

  // guarded by this

  private @Nullable Runnable round;
  private @Nullable ScheduledFuture<?> regular;
  private Duration present = Duration.ZERO;

  /**
   * @param timers whose threads may not wait
   * @param interval as it is now; after a change, {@link #reschedule}
   */
  Rounds(ScheduledExecutorService timers, Executor workers, Supplier<Duration> interval) {
    this.timers = timers;
    this.workers = workers;
    this.interval = interval;
  }

  /** Begins, with the first round after one interval. */
  synchronized void begin(Runnable each) {
    round = each;
    reschedule();
  }

  /** The interval may be another. */
  synchronized void reschedule() {
    Runnable each = round;
    Duration now = interval.get();
    if (each == null || now.equals(present)) {
      return;
    }
    if (regular != null) {
      regular.cancel(false);
    }
    present = now;
    regular =
        timers.scheduleWithFixedDelay(
            () -> workers.execute(each), now.toNanos(), now.toNanos(), TimeUnit.NANOSECONDS);
  }
}
