package blackhole.client;

import blackhole.client.service.Transports;
import blackhole.client.tls.NodeTls;
import blackhole.grpc.WholeAnswers;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Channels over the JDK's own sockets, on the threads that all of them share. Thread-safe.
 *
 * <p>Over Unix sockets there is no HTTP/2 keepalive: the kernel tells at once when the other end is
 * closed, and a peer that is alive but stuck is a matter for deadlines. A connection to another
 * node may vanish without a word, so it is pinged while calls are under way.
 */
final class NettyTransports implements Transports {
  /** There is no host name to speak of; servers in other languages refuse a path for one. */
  static final String AUTHORITY = "localhost";

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final long KEEPALIVE_SECONDS = 20;
  private static final long KEEPALIVE_TIMEOUT_SECONDS = 10;

  private final ClientThreads threads;
  private final NodeTls tls;

  NettyTransports(ClientThreads threads, NodeTls tls) {
    this.threads = threads;
    this.tls = tls;
  }

  @Override
  public ManagedChannel local(
      String target, int maxMessageSizeBytes, Consumer<ManagedChannelBuilder<?>> furnish) {
    ManagedChannelBuilder<?> builder =
        serving(target, unix(target, threads).maxInboundMessageSize(maxMessageSizeBytes))
            .overrideAuthority(AUTHORITY);
    furnish.accept(builder);
    ManagedChannel channel = builder.build();
    LocalReconnect.watch(channel, threads.eventLoop());
    return channel;
  }

  /** Builds a channel for the calls of services, which are retried. */
  private ManagedChannelBuilder<?> serving(String target, NettyChannelBuilder transport) {
    return WholeAnswers.builder(target, transport)
        .executor(threads.callbacks())
        .offloadExecutor(threads.callbacks())
        // a node is reached as its configuration says, not through this environment's proxy
        .proxyDetector(address -> null);
  }

  static NettyChannelBuilder unix(String target, ClientThreads threads) {
    return NettyChannelBuilder.forTarget(target)
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
        .eventLoopGroup(threads.eventLoop())
        .executor(threads.callbacks())
        .offloadExecutor(threads.callbacks())
        .usePlaintext()
        .overrideAuthority(AUTHORITY)
        // gRPC sets it on every kind of channel, and Netty warns at each connection of those
        // that have no such option; null takes it away again
        .withOption(ChannelOption.SO_KEEPALIVE, null);
  }

  @Override
  public Optional<ManagedChannel> remote(
      String target,
      Function<String, Optional<Path>> authorities,
      int maxMessageSizeBytes,
      Consumer<ManagedChannelBuilder<?>> furnish) {
    return tls.clientContext(authorities)
        .map(
            context -> {
              ManagedChannelBuilder<?> builder =
                  serving(
                      target,
                      tcp(target, threads, context).maxInboundMessageSize(maxMessageSizeBytes));
              furnish.accept(builder);
              return builder.build();
            });
  }

  static NettyChannelBuilder tcp(String target, ClientThreads threads, SslContext context) {
    return NettyChannelBuilder.forTarget(target)
        .channelType(NioSocketChannel.class, InetSocketAddress.class)
        .eventLoopGroup(threads.eventLoop())
        .executor(threads.callbacks())
        .offloadExecutor(threads.callbacks())
        .sslContext(context)
        // a node is reached as its configuration says, not through this environment's proxy
        .proxyDetector(address -> null)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis())
        .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public Executor executor() {
    return threads.callbacks();
  }
}
