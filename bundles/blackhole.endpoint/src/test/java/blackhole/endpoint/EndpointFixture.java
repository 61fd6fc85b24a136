package blackhole.endpoint;

import blackhole.api.observe.Tracer;
import blackhole.api.rpc.Channels;
import blackhole.api.rpc.EndpointAddress;
import blackhole.api.rpc.HostCallers;
import blackhole.api.rpc.TlsMaterial;
import blackhole.endpoint.access.AccessControl;
import blackhole.endpoint.call.CallCounters;
import blackhole.endpoint.call.PlatformServices;
import blackhole.endpoint.health.HealthChecks;
import blackhole.endpoint.health.HostHealth;
import blackhole.endpoint.health.PatientChecks;
import blackhole.endpoint.health.ProcessMetrics;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An endpoint with all that belongs to it, and channels to it. */
final class EndpointFixture implements AutoCloseable {
  static final int MAX_MESSAGE_SIZE_BYTES = 64 * 1024;

  volatile @Nullable HostCallers hosts;
  volatile @Nullable Channels out;
  volatile @Nullable Tracer tracer;
  private final AccessControl access = new AccessControl(() -> this.hosts, () -> this.out);
  final ServiceTable services = new ServiceTable(PlatformServices.NAMES, access::guard);
  final HealthChecks checks = PatientChecks.create();
  final CallCounters calls = new CallCounters(PlatformServices::isOwnMethod, () -> this.tracer);
  final GrpcEndpoint endpoint;

  private final Path socket;
  private final EventLoopGroup clientLoop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<ManagedChannel> channels = new ArrayList<>();

  EndpointFixture(Path socket) {
    this(socket, TlsMaterial.RELOAD_INTERVAL);
  }

  EndpointFixture(Path socket, Duration tlsReload) {
    this(socket, tlsReload, TcpListener.MAX_CONNECTION_AGE);
  }

  EndpointFixture(Path socket, Duration tlsReload, Duration maxConnectionAge) {
    this.socket = socket;
    HostHealth health = new HostHealth(checks, calls, new ProcessMetrics(), Map::of);
    endpoint = new GrpcEndpoint(services, health, calls, tlsReload, maxConnectionAge);
  }

  static EndpointFixture open(Path socket) throws IOException {
    EndpointFixture fixture = new EndpointFixture(socket);
    fixture.endpoint.open(fixture.address(OptionalInt.empty()));
    return fixture;
  }

  EndpointAddress address(OptionalInt port) {
    return new EndpointAddress(
        "echo", socket, port, Optional.empty(), MAX_MESSAGE_SIZE_BYTES, OptionalInt.empty());
  }

  ManagedChannel channel() {
    return channel(Map.of());
  }

  /**
   * @param serviceConfig gRPC's, with retries for example
   */
  ManagedChannel channel(Map<String, ?> serviceConfig) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(clientLoop)
            .overrideAuthority("localhost")
            .usePlaintext()
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .defaultServiceConfig(serviceConfig)
            .build();
    channels.add(channel);
    return channel;
  }

  static String say(ManagedChannel channel, String text) {
    return ClientCalls.blockingUnaryCall(channel, EchoService.say(), options(), text);
  }

  /** The status of a call, OK too. */
  static Status status(Runnable call) {
    try {
      call.run();
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  static CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    endpoint.close();
    access.close();
    checks.close();
    // or the next test, which may listen to Netty's log, would hear what this one's end says there
    boolean unused =
        clientLoop
            .shutdownGracefully(0, 1, TimeUnit.SECONDS)
            .awaitUninterruptibly(20, TimeUnit.SECONDS);
  }
}
