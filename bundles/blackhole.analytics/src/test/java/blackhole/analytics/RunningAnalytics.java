package blackhole.analytics;

import blackhole.analytics.v1.AnalyticsGrpc;
import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthStatus;
import io.grpc.ManagedChannel;
import io.grpc.Server;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The service behind a real Unix socket. */
final class RunningAnalytics implements AutoCloseable {
  final AnalyticsCore core;

  private final ManagedChannel channel;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Server server;

  RunningAnalytics(Path data, AnalyticsCore.Config config) throws IOException {
    TestHost host = new TestHost(data);
    core = new AnalyticsCore(host, config, Map.of());
    UnixDomainSocketAddress socket = UnixDomainSocketAddress.of(data.resolve("s.sock"));
    server =
        NettyServerBuilder.forAddress(socket)
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .addService(new AnalyticsService(core, host, RunningAnalytics::report))
            .build()
            .start();
    channel =
        NettyChannelBuilder.forAddress(socket)
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(loops)
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
  }

  private static HealthReport report() {
    return new HealthReport(HealthStatus.HEALTHY, "", Duration.ofSeconds(3), Map.of());
  }

  AnalyticsGrpc.AnalyticsBlockingStub stub() {
    return AnalyticsGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws InterruptedException {
    channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    core.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
