package blackhole.bench.call;

import blackhole.bench.service.EchoService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/**
 * grpc-java alone, on the transport that a host uses: {@code BareCallServer SOCKET THREADS
 * [OBSERVATION]}.
 */
public final class BareCallServer {
  private BareCallServer() {}

  public static void main(String[] arguments) throws Exception {
    HealthStatusManager health = new HealthStatusManager();
    health.setStatus("", ServingStatus.SERVING);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(Path.of(arguments[0])))
            .channelType(NioServerDomainSocketChannel.class)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .addService(new EchoService())
            .addService(health.getHealthService());
    HandlerThreads.of(arguments[1]).furnish(builder);
    if (arguments.length > 2) {
      Observation.of(arguments[2]).furnish(builder);
    }
    builder.build().start().awaitTermination();
  }
}
