package blackhole.bench.call;

import blackhole.api.host.TlsFiles;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** grpc-java's client alone, on one event loop, as ours has one. */
final class BareClient implements AutoCloseable {
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<ManagedChannel> opened = new ArrayList<>();

  ManagedChannel open(Path socket) {
    return open(socket, Map.of());
  }

  /**
   * @param serviceConfig what gRPC does with the calls, retries for example
   */
  ManagedChannel open(Path socket, Map<String, ?> serviceConfig) {
    return opened(
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(loop)
            .overrideAuthority("localhost")
            .usePlaintext()
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .defaultServiceConfig(serviceConfig)
            .build());
  }

  /**
   * Over TCP with mutual TLS.
   *
   * @param nodeId whom the server's certificate must name
   * @param serviceConfig as above
   */
  ManagedChannel open(int port, String nodeId, TlsFiles files, Map<String, ?> serviceConfig)
      throws SSLException {
    return opened(
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .channelType(NioSocketChannel.class, InetSocketAddress.class)
            .eventLoopGroup(loop)
            .overrideAuthority(nodeId)
            .sslContext(BareTls.client(files))
            .defaultServiceConfig(serviceConfig)
            .build());
  }

  private ManagedChannel opened(ManagedChannel channel) {
    opened.add(channel);
    return channel;
  }

  @Override
  public void close() {
    opened.forEach(ManagedChannel::shutdownNow);
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
