package blackhole.telemetry;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.DirectoryCopy;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.ServiceRecord;
import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthStatus;
import blackhole.api.supervision.InstanceHealth;
import blackhole.health.v1.HealthGrpc;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import blackhole.telemetry.v1.TelemetryGrpc;
import blackhole.testkit.TestHost;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The service behind a real Unix socket, which is also an instance that it asks. */
final class RunningTelemetry implements AutoCloseable {
  final TelemetryCore core;
  final ManagedChannel channel;

  /** What the instance says of its requests. */
  final AtomicLong requests = new AtomicLong();

  private final DirectoryCopy directory = new DirectoryCopy((delay, task) -> () -> {});
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Server server;
  private final Path socket;

  /**
   * @param home with room for a socket and the data
   */
  RunningTelemetry(Path home, TelemetryCore.Config config) throws IOException {
    socket = home.resolve("telemetry-1.sock");
    Path data = Files.createDirectories(home.resolve("data"));
    TestHost host = new TestHost("telemetry", data);
    // one instance that answers, and one that does not
    directory.replace(
        List.of(
            service("telemetry", socket), service("absent", home.resolve("nobody-listens.sock"))));
    core = new TelemetryCore(host, directory, this::open, config, Map.of());
    server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .addService(new TelemetryService(core, host, RunningTelemetry::report))
            .addService(new Health())
            .build()
            .start();
    channel = open(socket);
  }

  private static HealthReport report() {
    return new HealthReport(HealthStatus.HEALTHY, "", Duration.ofSeconds(3), Map.of());
  }

  private final class Health extends HealthGrpc.HealthImplBase {
    @Override
    public void check(HealthRequest request, StreamObserver<HealthResponse> observer) {
      observer.onNext(
          HealthResponse.newBuilder()
              .setStatus("degraded")
              .setMessage("as it is a test")
              .setUptimeSeconds(7)
              .putMetrics("requests_total", requests.get())
              .build());
      observer.onCompleted();
    }
  }

  private static ServiceRecord service(String name, Path socket) {
    RegisteredEndpoint endpoint =
        new RegisteredEndpoint(
            name + "-1.1",
            name,
            1,
            RegisteredEndpoint.Type.LOCAL,
            "node-a",
            Optional.of(socket),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalLong.of(4711),
            InstanceHealth.HEALTHY,
            "",
            Instant.EPOCH);
    return new ServiceRecord(
        name, 1, Availability.SERVING, CallPolicy.DEFAULT, Map.of(), List.of(endpoint));
  }

  private ManagedChannel open(Path path) {
    return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(path))
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
        .eventLoopGroup(loops)
        .withOption(ChannelOption.SO_KEEPALIVE, null)
        .overrideAuthority("localhost")
        .usePlaintext()
        .build();
  }

  TelemetryGrpc.TelemetryBlockingStub stub() {
    return TelemetryGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws InterruptedException, IOException {
    channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    core.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    Files.deleteIfExists(socket);
  }
}
