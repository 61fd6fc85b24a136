package blackhole.grpc;

import io.grpc.ManagedChannelBuilder;
import io.grpc.internal.ManagedChannelImplBuilder;
import io.grpc.netty.InternalNettyChannelBuilder;
import io.grpc.netty.NettyChannelBuilder;

/**
 * Lets gRPC retry a call whose answer was cut off in the middle.
 *
 * <p>gRPC takes the headers of an answer for the answer: what follows may be lost with the process
 * that sent it, and the call fails, whatever its retry policy says. For methods with one response,
 * the channels made here show gRPC an answer when all of it is there, so that a lost half of one is
 * a lost call like any other: it is retried by the method's policy, within the same budget, delays
 * and throttle. Nothing waits longer for that, as nobody uses a single response before its status.
 *
 * <p>An answer that came to its end is passed on as it is, and streams of responses are left alone.
 */
public final class WholeAnswers {
  private WholeAnswers() {}

  /**
   * A builder of channels.
   *
   * @param transport sets what is the transport's: kind of sockets, event loop, TLS, keepalive,
   *     largest message. All else is set at the builder that is returned
   */
  public static ManagedChannelBuilder<?> builder(String target, NettyChannelBuilder transport) {
    return new ManagedChannelImplBuilder(
        target,
        () -> new WholeTransports(InternalNettyChannelBuilder.buildTransportFactory(transport)),
        null);
  }
}
