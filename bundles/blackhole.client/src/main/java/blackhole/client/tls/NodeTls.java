package blackhole.client.tls;

import blackhole.api.host.TlsFiles;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.TlsMaterial;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards other nodes: this node's certificate, and the authorities that theirs are checked by.
 * Files are read when first needed, and again when they change. Thread-safe.
 */
public final class NodeTls implements AutoCloseable {
  private final CallerIdentity identity;

  // guarded by this
  private final Map<Source, TlsMaterial> materials = new HashMap<>();
  private @Nullable ScheduledExecutorService timer;
  private boolean closed;

  private record Source(TlsFiles files, Path authority) {}

  public NodeTls(CallerIdentity identity) {
    this.identity = identity;
  }

  /**
   * @param authorities by node id; empty for this node's own
   * @return empty while this process has no certificate to show
   * @throws IllegalStateException when there is one that cannot be used
   */
  public Optional<SslContext> clientContext(Function<String, Optional<Path>> authorities) {
    return identity.tls().map(files -> context(files, authorities));
  }

  private SslContext context(TlsFiles files, Function<String, Optional<Path>> authorities) {
    try {
      NodeTrustManager trust =
          new NodeTrustManager(node -> trust(files, node, authorities.apply(node)));
      return GrpcSslContexts.configure(
              SslContextBuilder.forClient()
                  .keyManager(material(files, files.certificateAuthority()).keyManager())
                  .trustManager(trust),
              // netty-tcnative is native code, which no node carries
              SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(
          "the certificate of this node cannot be used: " + e.getMessage(), e);
    }
  }

  private NodeTrustManager.Trust trust(TlsFiles files, String nodeId, Optional<Path> authority)
      throws CertificateException {
    Path whom = authority.orElse(files.certificateAuthority());
    try {
      return new NodeTrustManager.Trust(whom, material(files, whom).trustManager());
    } catch (IOException | GeneralSecurityException e) {
      throw new NodeCertificateException(
          "the authority for " + nodeId + " cannot be read from " + whom + ": " + e.getMessage(),
          e);
    }
  }

  private synchronized TlsMaterial material(TlsFiles files, Path authority)
      throws IOException, GeneralSecurityException {
    if (closed) {
      throw new SSLException("the connections of this process are being closed");
    }
    Source source = new Source(files, authority);
    TlsMaterial material = materials.get(source);
    if (material == null) {
      material = TlsMaterial.open(files, authority, TlsMaterial.RELOAD_INTERVAL, timer());
      materials.put(source, material);
    }
    return material;
  }

  private ScheduledExecutorService timer() {
    if (timer == null) {
      timer =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread thread = new Thread(task, "blackhole-client-certificates");
                thread.setDaemon(true);
                return thread;
              });
    }
    return timer;
  }

  @Override
  public synchronized void close() {
    closed = true;
    materials.values().forEach(TlsMaterial::close);
    if (timer != null) {
      var unused = timer.shutdownNow();
    }
  }
}
