package blackhole.orchestrator.supervision;

import blackhole.api.service.HealthResult;
import blackhole.api.supervision.InstanceId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Asks one instance for its health: at once, and then at intervals, counted from question to
 * question; never two questions at a time. Lives in the serial context.
 */
final class HealthMonitor {
  private final SerialContext context;
  private final HealthProbe probe;
  private final InstanceId id;
  private final Supplier<Duration> interval;
  private final Supplier<Duration> timeout;
  private final Consumer<Optional<HealthResult>> listener;

  /** Tells the question that is open from those that are answered, or given up. */
  private long question;

  private SerialContext.Cancellable timer = () -> {};
  private boolean asks;

  /** Of the interval, as it was when the last question was asked. */
  private Duration pause = Duration.ZERO;

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
      Supplier<Duration> interval,
      Supplier<Duration> timeout,
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
    asks = true;
    ask();
  }

  /** The interval may be another: whoever is asked at the old one is asked anew. */
  void reconfigured() {
    if (asks && !pause.equals(interval.get())) {
      start();
    }
  }

  /** After this the listener is not called any more. */
  void stop() {
    asks = false;
    close();
  }

  private void close() {
    question++;
    timer.cancel();
  }

  private void ask() {
    long open = ++question;
    Duration patience = timeout.get();
    pause = interval.get();
    long asked = context.nanoTime();
    timer = context.schedule(patience, () -> close(open, asked, Optional.empty()));
    probe(patience)
        .whenComplete(
            (result, problem) ->
                context.execute(() -> close(open, asked, Optional.ofNullable(result))));
  }

  private CompletionStage<HealthResult> probe(Duration patience) {
    try {
      return probe.check(id, patience);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void close(long open, long asked, Optional<HealthResult> result) {
    if (open != question) {
      return;
    }
    close();
    long elapsed = context.nanoTime() - asked;
    timer = context.schedule(Duration.ofNanos(Math.max(0, pause.toNanos() - elapsed)), this::ask);
    listener.accept(result);
  }
}
