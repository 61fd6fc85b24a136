package blackhole.bench.call;

import blackhole.api.host.TlsFiles;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;

/**
 * Mutual TLS as grpc-java has it: by the provider and the protocols of a node, so that the ciphers
 * are the same, and without what a node adds (authorities by node, files that change).
 */
final class BareTls {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private BareTls() {}

  static SslContext server(TlsFiles files) throws SSLException {
    return GrpcSslContexts.configure(
            SslContextBuilder.forServer(files.certificate().toFile(), files.key().toFile()),
            SslProvider.JDK)
        .trustManager(files.certificateAuthority().toFile())
        .clientAuth(ClientAuth.REQUIRE)
        .protocols(PROTOCOLS)
        .build();
  }

  static SslContext client(TlsFiles files) throws SSLException {
    return GrpcSslContexts.configure(
            SslContextBuilder.forClient()
                .keyManager(files.certificate().toFile(), files.key().toFile()),
            SslProvider.JDK)
        .trustManager(files.certificateAuthority().toFile())
        .protocols(PROTOCOLS)
        .build();
  }
}
