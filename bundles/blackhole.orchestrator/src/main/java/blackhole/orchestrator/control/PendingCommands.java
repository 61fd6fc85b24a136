package blackhole.orchestrator.control;

import blackhole.api.shell.LineResult;
import blackhole.api.supervision.SupervisionException;
import blackhole.control.v1.CommandResult;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Lines sent to a host and not answered yet. Used in the session's serial context only. */
final class PendingCommands {
  private record Pending(CompletableFuture<LineResult> result, ScheduledHandle expiry) {}

  private final Map<Long, Pending> byId = new HashMap<>();
  private long lastId;

  /** The id under which the next line is sent and answered. */
  long nextId() {
    return ++lastId;
  }

  void add(long id, CompletableFuture<LineResult> result, ScheduledHandle expiry) {
    byId.put(id, new Pending(result, expiry));
  }

  void expire(long id, Duration timeout) {
    fail(
        byId.remove(id),
        "the host did not answer within " + timeout.toMillis() + " ms; the line may still run");
  }

  void complete(CommandResult answer) {
    @Nullable Pending pending = byId.remove(answer.getId());
    // one that came after its timeout has nobody waiting
    if (pending != null) {
      pending.expiry.cancel();
      pending.result.complete(
          new LineResult(answer.getExitCode(), answer.getStdout(), answer.getStderr()));
    }
  }

  void failAll(String reason) {
    List<Pending> waiting = List.copyOf(byId.values());
    byId.clear();
    waiting.forEach(pending -> fail(pending, reason));
  }

  private static void fail(@Nullable Pending pending, String reason) {
    if (pending != null) {
      pending.expiry.cancel();
      pending.result.completeExceptionally(new SupervisionException(reason));
    }
  }
}
