package blackhole.orchestrator.supervision;

import blackhole.api.service.HealthResult;
import blackhole.api.supervision.InstanceId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Asks one instance for its health: at once, and then at intervals, counted from question to
 * question; never two questions at a time. Lives in the serial context.
 */
final class HealthMonitor {
  private final SerialContext context;
  private final HealthProbe probe;
  private final InstanceId id;
  private final Duration interval;
  private final Duration timeout;
  private final Consumer<Optional<HealthResult>> listener;

  /** Tells the question that is open from those that are answered, or given up. */
  private long question;

  private SerialContext.Cancellable timer = () -> {};

  /** Makes the monitors of a node. */
  @FunctionalInterface
  interface Factory {
    /**
     * Makes one, which does not ask yet.
     *
     * @param listener gets each answer; empty when there was none
     */
    HealthMonitor monitor(InstanceId id, Consumer<Optional<HealthResult>> listener);
  }

  HealthMonitor(
      SerialContext context,
      HealthProbe probe,
      InstanceId id,
      Duration interval,
      Duration timeout,
      Consumer<Optional<HealthResult>> listener) {
    this.context = context;
    this.probe = probe;
    this.id = id;
    this.interval = interval;
    this.timeout = timeout;
    this.listener = listener;
  }

  void start() {
    stop();
    ask();
  }

  /** After this the listener is not called any more. */
  void stop() {
    question++;
    timer.cancel();
  }

  private void ask() {
    long open = ++question;
    long asked = context.nanoTime();
    timer = context.schedule(timeout, () -> close(open, asked, Optional.empty()));
    probe()
        .whenComplete(
            (result, problem) ->
                context.execute(() -> close(open, asked, Optional.ofNullable(result))));
  }

  private CompletionStage<HealthResult> probe() {
    try {
      return probe.check(id, timeout);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void close(long open, long asked, Optional<HealthResult> result) {
    if (open != question) {
      return;
    }
    stop();
    long elapsed = context.nanoTime() - asked;
    timer =
        context.schedule(Duration.ofNanos(Math.max(0, interval.toNanos() - elapsed)), this::ask);
    listener.accept(result);
  }
}
