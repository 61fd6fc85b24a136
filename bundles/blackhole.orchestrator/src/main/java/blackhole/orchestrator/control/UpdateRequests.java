package blackhole.orchestrator.control;

import blackhole.control.v1.NodeMessage;
import blackhole.control.v1.Update;
import blackhole.control.v1.UpdateProgress;
import blackhole.control.v1.UpdateResult;
import io.grpc.SynchronizationContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The updates that a host was asked for. Used in the session's serial context only. */
final class UpdateRequests {
  private final SynchronizationContext context;
  private final ScheduledExecutorService timer;
  private final PendingAnswers<UpdateResult> results = new PendingAnswers<>();
  private final Map<Long, Consumer<String>> progress = new HashMap<>();

  UpdateRequests(SynchronizationContext context, ScheduledExecutorService timer) {
    this.context = context;
    this.timer = timer;
  }

  /** What to send for it. */
  NodeMessage begin(
      Update order,
      Duration timeout,
      Consumer<String> steps,
      CompletableFuture<UpdateResult> result) {
    long id = results.nextId();
    progress.put(id, steps);
    results.add(
        id,
        result,
        context.schedule(
            () -> expire(id, timeout), timeout.toNanos(), TimeUnit.NANOSECONDS, timer));
    return NodeMessage.newBuilder().setUpdate(order.toBuilder().setId(id)).build();
  }

  private void expire(long id, Duration timeout) {
    progress.remove(id);
    results.fail(id, "the host did not answer within " + timeout.toSeconds() + " s");
  }

  void progressed(UpdateProgress message) {
    Consumer<String> steps = progress.get(message.getId());
    if (steps != null) {
      steps.accept(message.getStep());
    }
  }

  void ended(UpdateResult result) {
    progress.remove(result.getId());
    results.complete(result.getId(), result);
  }

  /** The host is gone, or has connected anew, and tells of none of them any more. */
  void close() {
    progress.clear();
    results.failAll("the connection to the host was lost during the update");
  }
}
