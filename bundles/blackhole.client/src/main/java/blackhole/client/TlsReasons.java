package blackhole.client;

import blackhole.client.tls.TlsFailure;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/** Says in a failed call's status why TLS with a node failed; gRPC only says "io exception". */
final class TlsReasons implements ClientInterceptor {
  private final String nodeId;

  TlsReasons(String nodeId) {
    this.nodeId = nodeId;
  }

  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<R> listener, Metadata headers) {
        super.start(new Telling<>(listener), headers);
      }
    };
  }

  private final class Telling<R> extends SimpleForwardingClientCallListener<R> {
    Telling(ClientCall.Listener<R> listener) {
      super(listener);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      String reason =
          status.getCode() == Status.Code.UNAVAILABLE
              ? TlsFailure.describe(status.getCause())
              : null;
      super.onClose(
          reason == null
              ? status
              : status.withDescription(nodeId + " cannot be reached: " + reason),
          trailers);
    }
  }
}
