package blackhole.ledger;

import blackhole.api.service.Caller;
import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthStatus;
import blackhole.ledger.v1.LedgerGrpc;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The service behind a real Unix socket, and a channel to it. */
final class RunningLedger implements AutoCloseable {
  final LedgerCore core;
  final ManagedChannel channel;
  volatile Caller caller = new Caller(Caller.Kind.HOST, "storage-1", Optional.empty());
  volatile HealthReport report =
      new HealthReport(HealthStatus.HEALTHY, "", Duration.ofSeconds(7), Map.of("threads", 9.0));

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Server server;

  RunningLedger(Path data, LedgerCore.Config config) throws IOException {
    TestHost host = new TestHost(data);
    core = new LedgerCore(host, config, Map.of());
    UnixDomainSocketAddress socket =
        UnixDomainSocketAddress.of(data.resolve("s-" + ProcessHandle.current().pid()));
    server =
        NettyServerBuilder.forAddress(socket)
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .intercept(new Introduction())
            .addService(new LedgerService(core, host, () -> report))
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

  /** Says who calls, as a host's endpoint does. */
  private final class Introduction implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      return Contexts.interceptCall(caller.in(Context.current()), call, headers, next);
    }
  }

  LedgerGrpc.LedgerBlockingStub stub() {
    return LedgerGrpc.newBlockingStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws InterruptedException {
    channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    core.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
