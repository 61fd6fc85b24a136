package blackhole.orchestrator.event;

import blackhole.api.rpc.Channels;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.NodeEvents;
import blackhole.api.supervision.SupervisionException;
import blackhole.events.v1.Event;
import blackhole.orchestrator.supervision.Journal;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what the journal is told, and more, as events of the node. Without a service {@code
 * events} it does nothing; while that is not up, events wait in an {@link Outbox}. Thread-safe, and
 * never blocks.
 */
public final class EventPublisher implements Journal, AutoCloseable {
  private final BooleanSupplier wanted;
  private final Outbox outbox;
  private volatile @Nullable StreamClient client;
  private volatile boolean up;

  /**
   * @param runId that no other run of the node has
   * @param wanted whether the node has a service {@code events}
   * @param timers starts what {@code workers} do
   */
  public EventPublisher(
      String runId,
      BooleanSupplier wanted,
      ScheduledExecutorService timers,
      ExecutorService workers) {
    this.wanted = wanted;
    this.outbox =
        new Outbox(runId + "-", this::publish, (delay, task) -> run(timers, workers, delay, task));
  }

  private static void run(
      ScheduledExecutorService timers, ExecutorService workers, Duration delay, Runnable task) {
    try {
      if (delay.isZero()) {
        workers.execute(task);
      } else {
        var unused =
            timers.schedule(() -> workers.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (RejectedExecutionException e) {
      // the process ends
    }
  }

  private CompletionStage<?> publish(Event event) {
    StreamClient present = client;
    return present == null
        ? CompletableFuture.failedFuture(Status.UNAVAILABLE.asRuntimeException())
        : present.publish(event);
  }

  /**
   * Services can be called from now on.
   *
   * @param callToken by which they know this process
   */
  public void connect(Channels channels, String callToken) {
    client = new StreamClient(channels, callToken);
    outbox.open(up);
  }

  @Override
  public void record(Entry entry) {
    if (entry.id().service().equals(StreamClient.SERVICE)) {
      up = entry.to() == InstanceState.READY;
      outbox.open(up && client != null);
    }
    offer(PlatformEvents.of(entry));
  }

  @Override
  public void decided(Decision decision) {
    offer(PlatformEvents.of(decision));
  }

  /** Something that concerns the node, not one of its services. */
  public void noted(Instant time, String words, String who) {
    offer(PlatformEvents.noted(time, words, who));
  }

  /** Any other event of the platform; see {@link PlatformEvents#of}. */
  public void offer(Event event) {
    if (wanted.getAsBoolean()) {
      outbox.offer(event);
    }
  }

  /** What an operator reads. */
  public NodeEvents reader() {
    return new StreamReader(this::client);
  }

  private StreamClient client() {
    if (!wanted.getAsBoolean()) {
      throw new SupervisionException(
          "this node has no event stream: no service 'events' is configured");
    }
    StreamClient present = client;
    if (present == null) {
      throw new SupervisionException("the node has only begun to start");
    }
    return present;
  }

  @Override
  public void close() {
    outbox.close();
  }
}
