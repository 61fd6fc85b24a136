package blackhole.bench.call;

import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.ServerCallScope;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import java.util.List;
import java.util.Map;

/**
 * What gRPC asks for features such as ours before they do anything: each kind of hook once, as the
 * least that can be hung there. A server's tracer gives the call a value in its context; an
 * interceptor on each side wraps the call and its listener; the client says an option, sends a
 * token, and has gRPC retry as ours does. It counts nothing, times nothing and decides nothing, so
 * ours cannot cost less.
 */
final class Floor {
  private static final Context.Key<ServerCallScope> SCOPE = Context.key("bench-scope");

  private static final CallOptions.Key<MethodDescriptor<?, ?>> CALL =
      CallOptions.Key.create("bench-call");

  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of(CallerIdentity.CALL_TOKEN_HEADER, Metadata.ASCII_STRING_MARSHALLER);

  /** gRPC's own retries, as a service's usual policy has them. */
  static final Map<String, ?> RETRIES =
      Map.of(
          "methodConfig",
          List.of(
              Map.of(
                  "name",
                  List.of(Map.of("service", "blackhole.bench.Echo")),
                  "retryPolicy",
                  Map.of(
                      "maxAttempts",
                      4.0,
                      "initialBackoff",
                      "0.1s",
                      "maxBackoff",
                      "5s",
                      "backoffMultiplier",
                      2.0,
                      "retryableStatusCodes",
                      List.of("UNAVAILABLE")))),
          "retryThrottling",
          Map.of("maxTokens", 100.0, "tokenRatio", 0.1));

  private Floor() {}

  /** A tracer for each call that does nothing. */
  static final class Tracers extends ServerStreamTracer.Factory {
    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
      ServerCallScope scope = new ServerCallScope();
      return new ServerStreamTracer() {
        @Override
        public Context filterContext(Context context) {
          return context.withValue(SCOPE, scope);
        }
      };
    }
  }

  /** Hands on what it stands between. */
  static final class OnServer implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      return new SimpleForwardingServerCallListener<Q>(
          next.startCall(new SimpleForwardingServerCall<Q, R>(call) {}, headers)) {};
    }
  }

  /** The same on the other side. */
  static Channel client(Channel channel, String token) {
    return ClientInterceptors.intercept(channel, new OnClient(token));
  }

  private record OnClient(String token) implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(
        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(
          next.newCall(method, options.withOption(CALL, method))) {
        @Override
        public void start(Listener<R> listener, Metadata headers) {
          headers.put(TOKEN, token);
          super.start(new SimpleForwardingClientCallListener<>(listener) {}, headers);
        }
      };
    }
  }
}
