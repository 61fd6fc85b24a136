package blackhole.endpoint.tls;

import blackhole.api.host.TlsFiles;
import blackhole.api.rpc.TlsMaterial;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/**
 * How a server speaks TLS: 1.2 or newer, with a certificate of each client, and with new
 * certificates from the next connection on when the files change.
 */
public final class ServerTls implements AutoCloseable {
  /**
   * A session that is resumed skips the look at the client's certificate, which may have expired,
   * or whose authority may be trusted no more. The JDK has no switch for "never", and 0 is "for
   * ever"; a full handshake costs a node, whose connections last, next to nothing.
   */
  private static final long SESSION_TIMEOUT_SECONDS = 1;

  private final TlsMaterial material;
  private final SslContext context;

  private ServerTls(TlsMaterial material, SslContext context) {
    this.material = material;
    this.context = context;
  }

  /**
   * @param timer looks at the files; not an event loop
   * @throws IOException in words, when the files cannot be used
   */
  public static ServerTls open(
      TlsFiles files, Duration reloadInterval, ScheduledExecutorService timer) throws IOException {
    TlsMaterial material;
    try {
      material = TlsMaterial.open(files, files.certificateAuthority(), reloadInterval, timer);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw problem(files, e);
    }
    try {
      return new ServerTls(material, context(material));
    } catch (IOException | RuntimeException e) {
      material.close();
      throw problem(files, e);
    }
  }

  private static SslContext context(TlsMaterial material) throws IOException {
    return GrpcSslContexts.configure(
            SslContextBuilder.forServer(material.keyManager()), SslProvider.JDK)
        .trustManager(new AnyIssuer(material.trustManager()))
        .clientAuth(ClientAuth.REQUIRE)
        .protocols("TLSv1.3", "TLSv1.2")
        .sessionTimeout(SESSION_TIMEOUT_SECONDS)
        .build();
  }

  private static IOException problem(TlsFiles files, Exception e) {
    return new IOException(
        "cannot serve TLS with "
            + files.certificate()
            + ", "
            + files.key()
            + " and "
            + files.certificateAuthority()
            + ": "
            + e.getMessage(),
        e);
  }

  public SslContext context() {
    return context;
  }

  @Override
  public void close() {
    material.close();
  }
}
