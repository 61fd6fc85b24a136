package blackhole.grpc;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.InternalChannelz.SocketStats;
import io.grpc.InternalLogId;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.internal.ClientStream;
import io.grpc.internal.ConnectionClientTransport;
import java.util.Arrays;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A connection that holds answers back until they are whole. Thread-safe. */
final class WholeTransport implements ConnectionClientTransport {
  private final ConnectionClientTransport transport;

  WholeTransport(ConnectionClientTransport transport) {
    this.transport = transport;
  }

  @Override
  public ClientStream newStream(
      MethodDescriptor<?, ?> method,
      Metadata headers,
      CallOptions options,
      ClientStreamTracer[] tracers) {
    if (!method.getType().serverSendsOneMessage()) {
      return transport.newStream(method, headers, options, tracers);
    }
    HeldAnswer answer = new HeldAnswer();
    ClientStreamTracer[] more = Arrays.copyOf(tracers, tracers.length + 1);
    more[tracers.length] = answer;
    return new WholeStream(transport.newStream(method, headers, options, more), answer);
  }

  @Override
  public @Nullable Runnable start(Listener listener) {
    return transport.start(listener);
  }

  @Override
  public void ping(PingCallback callback, Executor executor) {
    transport.ping(callback, executor);
  }

  @Override
  public void shutdown(Status reason) {
    transport.shutdown(reason);
  }

  @Override
  public void shutdownNow(Status reason) {
    transport.shutdownNow(reason);
  }

  @Override
  public Attributes getAttributes() {
    return transport.getAttributes();
  }

  @Override
  public ListenableFuture<SocketStats> getStats() {
    return transport.getStats();
  }

  @Override
  public InternalLogId getLogId() {
    return transport.getLogId();
  }

  @Override
  public String toString() {
    return transport.toString();
  }
}
