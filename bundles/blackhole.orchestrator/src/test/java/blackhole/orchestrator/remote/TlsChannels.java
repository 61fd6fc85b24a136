package blackhole.orchestrator.remote;

import blackhole.api.host.TlsFiles;
import blackhole.api.rpc.NodeChannels;
import blackhole.api.rpc.TlsMaterial;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;

/** Channels with mutual TLS, all of which are remembered. */
final class TlsChannels implements NodeChannels {
  final Queue<ManagedChannel> opened = new ConcurrentLinkedQueue<>();
  private final TlsFiles files;
  private final ScheduledExecutorService timer;

  TlsChannels(TlsFiles files, ScheduledExecutorService timer) {
    this.files = files;
    this.timer = timer;
  }

  @Override
  public ManagedChannel open(
      String nodeId, String host, int port, Optional<Path> certificateAuthority) {
    Path authority = certificateAuthority.orElse(files.certificateAuthority());
    try (TlsMaterial material = TlsMaterial.open(files, authority, Duration.ofMinutes(5), timer)) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(host, port)
              .overrideAuthority(nodeId)
              .sslContext(
                  GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                      .keyManager(material.keyManager())
                      .trustManager(material.trustManager())
                      .build())
              .build();
      opened.add(channel);
      return channel;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no certificate to show: " + e.getMessage(), e);
    }
  }
}
