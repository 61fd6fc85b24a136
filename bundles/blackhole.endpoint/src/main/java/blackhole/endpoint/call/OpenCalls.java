package blackhole.endpoint.call;

import blackhole.api.rpc.RpcStatus;
import io.grpc.MethodDescriptor.MethodType;
import java.util.Collection;
import java.util.Optional;
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
   * Where the call is in flight that another was made for, and then waits for it.
   *
   * @param among the generations that are looked at
   * @param chain what came with the other call
   */
  public Optional<Generation> partOf(Collection<Generation> among, String chain) {
    return among.stream()
        .filter(
            generation ->
                calls.stream().anyMatch(call -> call.belongsTo(generation) && call.isIn(chain)))
        .findFirst();
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
