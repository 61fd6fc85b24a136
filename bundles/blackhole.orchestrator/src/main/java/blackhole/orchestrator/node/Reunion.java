package blackhole.orchestrator.node;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Waits until hosts have called back that look for their orchestrator.
 *
 * @param isBack by host id; quick
 */
record Reunion(Predicate<String> isBack, ScheduledExecutorService timers) {
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  /** Completes when all are back, or after the patience; never exceptionally. */
  CompletionStage<Void> of(List<String> hostIds, Duration patience) {
    CompletableFuture<Void> together = new CompletableFuture<>();
    ScheduledFuture<?> looks =
        timers.scheduleWithFixedDelay(
            () -> {
              if (hostIds.stream().allMatch(isBack)) {
                together.complete(null);
              }
            },
            0,
            LOOK_EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
    together.completeOnTimeout(null, patience.toNanos(), TimeUnit.NANOSECONDS);
    together.whenComplete((done, problem) -> looks.cancel(false));
    return together;
  }
}
