package blackhole.storage;

import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthStatus;
import blackhole.storage.v1.StorageGrpc;
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

/** The service behind a real Unix socket, and a channel to it. */
final class RunningStorage implements AutoCloseable {
  final StorageCore core;
  final ManagedChannel channel;
  volatile HealthReport report =
      new HealthReport(HealthStatus.HEALTHY, "", Duration.ofSeconds(7), Map.of("threads", 9.0));

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Server server;

  RunningStorage(Path data, StorageCore.Config config) throws IOException {
    TestHost host = new TestHost(data);
    core = new StorageCore(host, config, Map.of());
    UnixDomainSocketAddress socket =
        UnixDomainSocketAddress.of(data.resolve("s-" + ProcessHandle.current().pid()));
    server =
        NettyServerBuilder.forAddress(socket)
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .addService(new StorageService(core, host, () -> report))
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

  StorageGrpc.StorageBlockingStub stub() {
    return StorageGrpc.newBlockingStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws InterruptedException {
    channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    core.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
