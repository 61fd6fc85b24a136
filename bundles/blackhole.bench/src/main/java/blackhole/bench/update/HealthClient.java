package blackhole.bench.update;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * grpc-java's own client, as others set it up that watch health: it calls nobody who says that it
 * does not serve, and fails calls at once while there is nobody else.
 */
final class HealthClient implements AutoCloseable {
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ManagedChannel channel;
  private volatile boolean over;

  /**
   * @param service whose health is watched, a full gRPC name
   * @param failures told, in words, of each time that the service is said not to serve
   */
  HealthClient(Path socket, String service, Failures failures) {
    channel =
        NettyChannelBuilder.forTarget(target(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(loop)
            .overrideAuthority("localhost")
            .usePlaintext()
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .defaultLoadBalancingPolicy("round_robin")
            .defaultServiceConfig(Map.of("healthCheckConfig", Map.of("serviceName", service)))
            .build();
    HealthGrpc.newStub(channel)
        .withWaitForReady()
        .watch(
            HealthCheckRequest.newBuilder().setService(service).build(),
            new StreamObserver<HealthCheckResponse>() {
              @Override
              public void onNext(HealthCheckResponse response) {
                if (response.getStatus() != ServingStatus.SERVING) {
                  failures.add("health said " + response.getStatus());
                }
              }

              @Override
              public void onError(Throwable problem) {
                if (!over) {
                  failures.add("the watch of health ended: " + problem.getMessage());
                }
              }

              @Override
              public void onCompleted() {
                failures.add("the watch of health ended");
              }
            });
  }

  /** A channel that is made for an address can't balance; this resolver is the node's own. */
  private static String target(Path socket) {
    return "blackhole-socket:///" + URLEncoder.encode(socket.toString(), StandardCharsets.UTF_8);
  }

  ManagedChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    over = true;
    channel.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
