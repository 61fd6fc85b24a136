package blackhole.endpoint.access;

import blackhole.endpoint.call.CallGuard;
import blackhole.endpoint.call.HeldListener;
import io.grpc.Context;
import io.grpc.ServerCall;
import java.util.function.Supplier;

/**
 * A call that waits, without a thread, until it is known who makes it. It belongs to the context
 * that it was made in. It asks for no message meanwhile.
 */
final class HeldCall<ReqT> {
  private final ServerCall<ReqT, ?> call;
  private final Context context = Context.current();
  private final HeldListener<ReqT> listener = new HeldListener<>();

  HeldCall(ServerCall<ReqT, ?> call) {
    this.call = call;
  }

  /** For whoever started the call. */
  ServerCall.Listener<ReqT> listener() {
    return listener;
  }

  /**
   * Lets the handler have the call, unless nobody waits for it any more.
   *
   * @param start starts the handler, or refuses the call; runs in the call's context
   */
  void proceed(Supplier<ServerCall.Listener<ReqT>> start) {
    context.run(() -> release(start));
  }

  private void release(Supplier<ServerCall.Listener<ReqT>> start) {
    if (context.isCancelled()) {
      // there is nothing to start, and nobody to answer
      listener.release(new ServerCall.Listener<>() {});
      return;
    }
    try {
      listener.release(start.get());
    } catch (Throwable t) {
      // the handler's; on this thread nobody else is there to answer for it
      listener.release(new ServerCall.Listener<>() {});
      CallGuard.fail(call, t);
    }
  }
}
