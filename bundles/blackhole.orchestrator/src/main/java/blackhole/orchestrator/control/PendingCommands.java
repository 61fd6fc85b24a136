package blackhole.orchestrator.control;

import blackhole.api.shell.LineResult;
import blackhole.api.supervision.SupervisionException;
import blackhole.control.v1.CommandResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Lines sent to a host and not answered yet. Used in the session's serial context only. */
final class PendingCommands {
  private final Map<Long, CompletableFuture<LineResult>> byId = new HashMap<>();
  private long lastId;

  /** Answers come under the returned id. */
  long add(CompletableFuture<LineResult> result) {
    lastId++;
    byId.put(lastId, result);
    return lastId;
  }

  void expire(long id, Duration timeout) {
    @Nullable CompletableFuture<LineResult> result = byId.remove(id);
    if (result != null) {
      result.completeExceptionally(
          new SupervisionException(
              "the host did not answer within "
                  + timeout.toMillis()
                  + " ms; the line may still run"));
    }
  }

  void complete(CommandResult answer) {
    @Nullable CompletableFuture<LineResult> result = byId.remove(answer.getId());
    // one that came after its timeout has nobody waiting
    if (result != null) {
      result.complete(new LineResult(answer.getExitCode(), answer.getStdout(), answer.getStderr()));
    }
  }

  void failAll(String reason) {
    List<CompletableFuture<LineResult>> waiting = new ArrayList<>(byId.values());
    byId.clear();
    waiting.forEach(result -> result.completeExceptionally(new SupervisionException(reason)));
  }
}
