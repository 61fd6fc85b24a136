package blackhole.client;

import blackhole.api.rpc.NodeChannels;
import blackhole.client.tls.NodeTls;
import io.grpc.ManagedChannel;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.util.Optional;

/** gRPC channels to one address of another node each. Thread-safe. */
final class TlsNodeChannels implements NodeChannels {
  /** As for {@link UnixSocketChannels}. */
  private static final int MAX_MESSAGE_SIZE_BYTES = 16 << 20;

  private final ClientThreads threads;
  private final NodeTls tls;

  TlsNodeChannels(ClientThreads threads, NodeTls tls) {
    this.threads = threads;
    this.tls = tls;
  }

  @Override
  public ManagedChannel open(
      String nodeId, String host, int port, Optional<Path> certificateAuthority) {
    SslContext context =
        tls.clientContext(node -> certificateAuthority)
            .orElseThrow(
                () -> new IllegalStateException("this process has no certificate to show"));
    return NettyTransports.tcp(target(host, port), threads, context)
        .overrideAuthority(nodeId)
        .maxInboundMessageSize(MAX_MESSAGE_SIZE_BYTES)
        .intercept(new TlsReasons(nodeId))
        .build();
  }

  private static String target(String host, int port) {
    return "dns:///" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
