package blackhole.orchestrator.remote;

import blackhole.api.host.TlsFiles;
import blackhole.api.rpc.TlsMaterial;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/** A host of another node: gRPC with mutual TLS on the loopback interface. */
final class RemoteServer implements AutoCloseable {
  private final Server server;
  private final TlsMaterial material;

  private RemoteServer(Server server, TlsMaterial material) {
    this.server = server;
    this.material = material;
  }

  /**
   * Begins to serve.
   *
   * @param port 0 for any
   */
  static RemoteServer start(
      TlsFiles files, int port, ScheduledExecutorService timer, BindableService... services)
      throws Exception {
    TlsMaterial material =
        TlsMaterial.open(files, files.certificateAuthority(), Duration.ofMinutes(5), timer);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .sslContext(
                GrpcSslContexts.configure(
                        SslContextBuilder.forServer(material.keyManager()), SslProvider.JDK)
                    .trustManager(material.trustManager())
                    .clientAuth(ClientAuth.REQUIRE)
                    .build());
    for (BindableService service : services) {
      builder.addService(service);
    }
    return new RemoteServer(builder.build().start(), material);
  }

  int port() {
    return server.getPort();
  }

  @Override
  public void close() throws InterruptedException {
    server.shutdownNow();
    server.awaitTermination();
    material.close();
  }
}
