package blackhole.events;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Lets a handler send the headers of its answer at once: gRPC's stubs send them with the first
 * message, and a subscriber may have to wait long for that.
 */
final class EarlyHeaders implements ServerInterceptor {
  private static final Context.Key<EarlyCall<?, ?>> CALL = Context.key("blackhole-events-call");

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    EarlyCall<ReqT, RespT> early = new EarlyCall<>(call);
    return Contexts.interceptCall(Context.current().withValue(CALL, early), early, headers, next);
  }

  /** Sends the headers of the call that is being served on this thread. */
  static void send(Metadata headers) {
    CALL.get().sendHeaders(headers);
  }

  /** A call whose headers are sent once. Used by one thread at a time, as any call. */
  private static final class EarlyCall<ReqT, RespT>
      extends SimpleForwardingServerCall<ReqT, RespT> {
    private boolean sent;

    EarlyCall(ServerCall<ReqT, RespT> call) {
      super(call);
    }

    @Override
    public void sendHeaders(Metadata headers) {
      if (!sent) {
        sent = true;
        super.sendHeaders(headers);
      }
    }
  }
}
