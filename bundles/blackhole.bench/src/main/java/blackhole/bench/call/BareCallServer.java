package blackhole.bench.call;

import blackhole.api.host.TlsFiles;
import blackhole.bench.echo.EchoService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/**
 * grpc-java alone, on the transports that a host uses: {@code BareCallServer SOCKET THREADS
 * [OBSERVATION [PORT CERTIFICATE KEY AUTHORITY]]}. With a port it listens there too, with mutual
 * TLS, on the same threads, as a host does.
 */
public final class BareCallServer {
  private BareCallServer() {}

  public static void main(String[] arguments) throws Exception {
    HandlerThreads.Furnishing threads = HandlerThreads.of(arguments[1]).make();
    Observation observation =
        arguments.length > 2 ? Observation.of(arguments[2]) : Observation.NONE;
    if (arguments.length > 3) {
      // before the socket, which is taken for a sign that it is up
      TlsFiles files =
          new TlsFiles(Path.of(arguments[4]), Path.of(arguments[5]), Path.of(arguments[6]));
      NettyServerBuilder tcp =
          NettyServerBuilder.forAddress(
                  new InetSocketAddress(
                      InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[3])))
              .channelType(NioServerSocketChannel.class)
              .sslContext(BareTls.server(files));
      Server unused = start(tcp, threads, observation);
    }
    NettyServerBuilder unix =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(Path.of(arguments[0])))
            .channelType(NioServerDomainSocketChannel.class)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null);
    start(unix, threads, observation).awaitTermination();
  }

  private static Server start(
      NettyServerBuilder builder, HandlerThreads.Furnishing threads, Observation observation)
      throws IOException {
    HealthStatusManager health = new HealthStatusManager();
    health.setStatus("", ServingStatus.SERVING);
    builder.addService(new EchoService()).addService(health.getHealthService());
    threads.furnish(builder);
    observation.furnish(builder);
    return builder.build().start();
  }
}
