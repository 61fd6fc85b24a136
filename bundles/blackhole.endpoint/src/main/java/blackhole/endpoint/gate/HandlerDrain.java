package blackhole.endpoint.gate;

import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import blackhole.endpoint.call.Generation;
import blackhole.endpoint.call.Generations;
import blackhole.endpoint.call.OpenCalls;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** The end of calls whose handlers are about to go. */
public final class HandlerDrain {
  /** How long calls that were ended may take to be gone. */
  private static final Duration ENDED = Duration.ofSeconds(2);

  /** Its successor is there, or about to be. */
  private static final RpcStatus COME_AGAIN =
      RpcStatus.of(
              Status.Code.UNAVAILABLE,
              Reasons.DOMAIN,
              Reasons.DRAINING,
              "this version of the service makes way for another")
          .retryAfter(Duration.ofMillis(1));

  private final OpenCalls calls;
  private final Collection<Generation> generations;
  private final CompletableFuture<Void> idle;

  /**
   * @param generations that are closed
   */
  public HandlerDrain(OpenCalls calls, Collection<Generation> generations) {
    this.calls = calls;
    this.generations = generations;
    this.idle =
        CompletableFuture.allOf(
            generations.stream().map(Generation::idle).toArray(CompletableFuture<?>[]::new));
  }

  /**
   * @param streams how long calls of many responses may go on, at most as long as the others
   * @return how many calls were ended
   */
  public int run(Duration streams, Duration timeout) throws InterruptedException {
    long begin = System.nanoTime();
    Duration first = streams.compareTo(timeout) < 0 ? streams : timeout;
    if (isIdle(first.toNanos())) {
      return 0;
    }
    int ended = end(Generations::isStream);
    if (!isIdle(begin + timeout.toNanos() - System.nanoTime())) {
      ended += end(type -> true);
      boolean unused = isIdle(ENDED.toNanos());
    }
    return ended;
  }

  private int end(Predicate<MethodType> which) {
    return generations.stream().mapToInt(each -> calls.end(each, which, COME_AGAIN)).sum();
  }

  private boolean isIdle(long nanos) throws InterruptedException {
    try {
      idle.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
