package blackhole.endpoint.call;

import blackhole.api.rpc.RpcStatus;
import io.grpc.MethodDescriptor.MethodType;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The calls that have got as far as a handler, whichever server they came in by. Thread-safe. */
public final class OpenCalls {
  private final Set<GuardedCall<?, ?>> calls = ConcurrentHashMap.newKeySet();

  void add(GuardedCall<?, ?> call) {
    calls.add(call);
  }

  void remove(GuardedCall<?, ?> call) {
    calls.remove(call);
  }

  void endAll(RpcStatus status) {
    for (GuardedCall<?, ?> call : calls) {
      boolean unused = call.end(status);
    }
  }

  /**
   * Whether a call was made for one that is in flight in this generation, which then waits for it.
   *
   * @param chain what came with the call
   */
  public boolean hasPartOf(Generation generation, String chain) {
    return calls.stream().anyMatch(call -> call.belongsTo(generation) && call.isIn(chain));
  }

  /**
   * Ends the calls of a generation.
   *
   * @param which of them, by the types of their methods
   * @return how many
   */
  public int end(Generation generation, Predicate<MethodType> which, RpcStatus status) {
    int ended = 0;
    for (GuardedCall<?, ?> call : calls) {
      if (call.belongsTo(generation)
          && which.test(call.getMethodDescriptor().getType())
          && call.end(status)) {
        ended++;
      }
    }
    return ended;
  }
}
