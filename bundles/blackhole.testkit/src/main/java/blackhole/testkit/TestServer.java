package blackhole.testkit;

import blackhole.api.service.Caller;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * gRPC services of this JVM behind a real Unix socket, and a channel to them: for tests of one
 * service without a node. Closing it ends both, and removes the socket.
 */
public final class TestServer implements AutoCloseable {
  /**
   * HTTP/2's own. Where none is set, gRPC enlarges it as it sees fit, and what a slow reader holds
   * back could not be foretold.
   */
  private static final int WINDOW_BYTES = 65_535;

  private static final long PATIENCE_SECONDS = 30;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Path socket;
  private final Server server;
  private final ManagedChannel channel;

  private TestServer(Path socket, List<ServerInterceptor> interceptors, BindableService... services)
      throws IOException {
    this.socket = socket;
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null);
    interceptors.forEach(builder::intercept);
    for (BindableService service : services) {
      builder.addService(service);
    }
    server = builder.build().start();
    channel = open(socket);
  }

  /**
   * Serves on this socket, to callers of whom nothing is known.
   *
   * @throws IOException if it can't listen there: a path of a socket has room for about 100 bytes
   */
  public static TestServer start(Path socket, BindableService... services) throws IOException {
    return new TestServer(socket, List.of(), services);
  }

  /** As {@link #start}, and says who calls, as a host does; asked again for each call. */
  public static TestServer startFor(
      Supplier<Caller> caller, Path socket, BindableService... services) throws IOException {
    return new TestServer(socket, List.of(new Introduction(caller)), services);
  }

  /** To these services; closed with the server. */
  public ManagedChannel channel() {
    return channel;
  }

  /** One more channel, to any Unix socket. The caller closes it, before this. */
  public ManagedChannel open(Path path) {
    return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(path))
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
        .eventLoopGroup(loops)
        .withOption(ChannelOption.SO_KEEPALIVE, null)
        .flowControlWindow(WINDOW_BYTES)
        .overrideAuthority("localhost")
        .usePlaintext()
        .build();
  }

  @Override
  public void close() throws InterruptedException, IOException {
    channel.shutdownNow().awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    Files.deleteIfExists(socket);
  }

  private record Introduction(Supplier<Caller> caller) implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      return Contexts.interceptCall(caller.get().in(Context.current()), call, headers, next);
    }
  }
}
