package blackhole.orchestrator.control;

import blackhole.api.supervision.SupervisionException;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a host was asked and has not answered yet. Used in the session's serial context only. */
final class PendingAnswers<T> {
  private record Pending<T>(CompletableFuture<T> result, ScheduledHandle expiry) {}

  private final Map<Long, Pending<T>> byId = new HashMap<>();
  private long lastId;

  /** The id under which the next question is sent and answered. */
  long nextId() {
    return ++lastId;
  }

  void add(long id, CompletableFuture<T> result, ScheduledHandle expiry) {
    byId.put(id, new Pending<>(result, expiry));
  }

  void expire(long id, Duration timeout) {
    fail(
        id, "the host did not answer within " + timeout.toMillis() + " ms; the line may still run");
  }

  void fail(long id, String reason) {
    fail(byId.remove(id), reason);
  }

  void complete(long id, T answer) {
    @Nullable Pending<T> pending = byId.remove(id);
    // one that came after its timeout has nobody waiting
    if (pending != null) {
      pending.expiry.cancel();
      pending.result.complete(answer);
    }
  }

  void failAll(String reason) {
    List<Pending<T>> waiting = List.copyOf(byId.values());
    byId.clear();
    waiting.forEach(pending -> fail(pending, reason));
  }

  private static <T> void fail(@Nullable Pending<T> pending, String reason) {
    if (pending != null) {
      pending.expiry.cancel();
      pending.result.completeExceptionally(new SupervisionException(reason));
    }
  }
}
