package blackhole.client;

import blackhole.api.rpc.SocketChannels;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * gRPC channels over the JDK's own Unix sockets, on one event loop that all of them share. gRPC's
 * {@code unix:} targets are not used: they need native code.
 *
 * <p>There is no HTTP/2 keepalive: the kernel tells at once when the other end of a Unix socket is
 * closed, and a peer that is alive but stuck is a matter for deadlines. Thread-safe.
 */
public final class UnixSocketChannels implements SocketChannels, AutoCloseable {
  /** There is no host name to speak of; servers in other languages refuse a path for one. */
  static final String AUTHORITY = "localhost";

  /**
   * The largest message accepted from a server, above what services accept by default; a call that
   * needs another sets it in its {@code CallOptions}.
   */
  private static final int MAX_MESSAGE_SIZE_BYTES = 16 << 20;

  private static final long IDLE_TIMEOUT_MINUTES = 5;
  private static final long STOP_TIMEOUT_SECONDS = 1;

  private final EventLoopGroup eventLoop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("blackhole-client", true), NioIoHandler.newFactory());

  private final SocketResolverProvider resolvers = new SocketResolverProvider();

  public UnixSocketChannels() {
    NameResolverRegistry.getDefaultRegistry().register(resolvers);
  }

  @Override
  public ManagedChannel open(Path socket) {
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(SocketResolverProvider.target(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(eventLoop)
            .usePlaintext()
            .overrideAuthority(AUTHORITY)
            .maxInboundMessageSize(MAX_MESSAGE_SIZE_BYTES)
            .idleTimeout(IDLE_TIMEOUT_MINUTES, TimeUnit.MINUTES)
            // gRPC sets it on every kind of channel, and Netty warns at each connection of those
            // that have no such option; null takes it away again
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .build();
    LocalReconnect.watch(channel, eventLoop);
    return channel;
  }

  /** Ends the event loop, and with it the connections of channels that are still open. */
  @Override
  public void close() {
    NameResolverRegistry.getDefaultRegistry().deregister(resolvers);
    eventLoop.shutdownGracefully(0, STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
