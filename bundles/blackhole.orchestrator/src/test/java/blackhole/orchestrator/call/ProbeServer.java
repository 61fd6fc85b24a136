package blackhole.orchestrator.call;

import blackhole.api.registry.CallPolicy;
import blackhole.api.rpc.Channels;
import blackhole.probe.v1.ExtraGrpc;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** The probe on a real socket, and channels that lead nowhere else. */
final class ProbeServer implements Channels, AutoCloseable {
  final ProbeService probe = new ProbeService();
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Server server;
  private final ManagedChannel channel;

  /**
   * @param more reflection, of some version or none
   */
  ProbeServer(Path socket, BindableService... more) throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .channelType(NioServerDomainSocketChannel.class)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .addService(ServerInterceptors.intercept(probe, new ProbeService.Headers()))
            .addService(new ExtraGrpc.ExtraImplBase() {})
            .addService(new HealthStatusManager().getHealthService());
    for (BindableService service : more) {
      builder.addService(service);
    }
    server = builder.build().start();
    channel =
        NettyChannelBuilder.forAddress(address)
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .eventLoopGroup(loop)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
  }

  @Override
  public Channel to(String service) {
    return channel;
  }

  @Override
  public Channel to(String service, UnaryOperator<CallPolicy> override) {
    return channel;
  }

  @Override
  public void close() throws InterruptedException {
    channel.shutdownNow();
    boolean unused = server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
