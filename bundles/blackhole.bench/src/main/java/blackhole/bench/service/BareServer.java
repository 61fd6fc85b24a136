package blackhole.bench.service;

import blackhole.bench.echo.EchoService;
import com.google.protobuf.StringValue;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ClientCalls;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The baseline: grpc-java alone, on the transport that a host uses. {@code BareServer SOCKET}; with
 * {@code train} after it, it calls itself and exits, so that a class-data archive can be made. With
 * {@code wait} it serves and calls itself elsewhere once, says {@link #WAITING}, and serves when it
 * gets a line.
 */
public final class BareServer {
  public static final String WAITING = "waiting";

  private BareServer() {}

  public static void main(String[] arguments) throws Exception {
    Path socket = Path.of(arguments[0]);
    String mode = arguments.length > 1 ? arguments[1] : "";
    if (mode.equals("wait")) {
      await(socket.resolveSibling(socket.getFileName() + ".trial"));
      endWithParent();
    }
    serve(socket, new EchoService(), mode.equals("train"));
  }

  private static void await(Path trial) throws IOException, InterruptedException {
    EventLoopGroup loops = loops();
    Server server = start(trial, new EchoService(), loops);
    callSelf(trial, loops);
    server.shutdownNow().awaitTermination();
    Files.deleteIfExists(trial);
    System.gc();
    System.out.println(WAITING);
    if (System.in.read() < 0) {
      // nobody is there who could want it
      System.exit(0);
    }
  }

  /** Nobody else would end it, if the one that started it is killed. */
  private static void endWithParent() {
    Thread watch =
        new Thread(
            () -> {
              try {
                long unused = System.in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                // as good as its end
              }
              System.exit(0);
            },
            "parent");
    watch.setDaemon(true);
    watch.start();
  }

  /**
   * Serves until the JVM ends.
   *
   * @param trains whether it calls itself and exits instead
   */
  static void serve(Path socket, BindableService service, boolean trains)
      throws IOException, InterruptedException {
    EventLoopGroup loops = loops();
    Server server = start(socket, service, loops);
    if (trains) {
      callSelf(socket, loops);
      System.exit(0);
    }
    server.awaitTermination();
  }

  private static EventLoopGroup loops() {
    return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  }

  private static Server start(Path socket, BindableService service, EventLoopGroup loops)
      throws IOException {
    // of one that was killed
    Files.deleteIfExists(socket);
    HealthStatusManager health = new HealthStatusManager();
    health.setStatus("", ServingStatus.SERVING);
    return NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
        .channelType(NioServerDomainSocketChannel.class)
        .bossEventLoopGroup(loops)
        .workerEventLoopGroup(loops)
        .withChildOption(ChannelOption.SO_KEEPALIVE, null)
        .addService(service)
        .addService(health.getHealthService())
        .addService(ProtoReflectionServiceV1.newInstance())
        .build()
        .start();
  }

  private static void callSelf(Path socket, EventLoopGroup loops) throws InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(loops)
            .overrideAuthority("localhost")
            .usePlaintext()
            // gRPC sets it on every channel, and Netty warns of those that have no such option
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .build();
    HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance());
    ClientCalls.blockingUnaryCall(
        channel, EchoService.ECHO, io.grpc.CallOptions.DEFAULT, StringValue.of("training"));
    channel.shutdown().awaitTermination(5, TimeUnit.SECONDS);
  }
}
