package blackhole.client.tls;

import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Checks another node's certificate by the authority that this node has for it, so that one channel
 * may lead to nodes of different authorities. Which node is called is the engine's peer host: gRPC
 * sets it to the address's authority. Thread-safe.
 */
final class NodeTrustManager extends X509ExtendedTrustManager {
  /** Whom to trust about one node. */
  record Trust(Path authority, X509ExtendedTrustManager manager) {}

  /** Finds whom to trust; fails when it can't be read. */
  interface Trusts {
    Trust of(String nodeId) throws CertificateException;
  }

  private final Trusts trusts;

  NodeTrustManager(Trusts trusts) {
    this.trusts = trusts;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    String nodeId = engine.getPeerHost();
    Trust trust = trusts.of(nodeId);
    try {
      trust.manager().checkServerTrusted(chain, authType, engine);
    } catch (CertificateException e) {
      throw new NodeCertificateException(
          CertificateWords.of(nodeId, chain, trust.authority(), isSigned(e), Instant.now()), e);
    }
  }

  /** A chain that was not found is a failure of the path; a wrong name comes after it. */
  private static boolean isSigned(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertPathBuilderException
          || cause instanceof CertPathValidatorException) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this end is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw withoutEngine();
  }

  private static CertificateException withoutEngine() {
    return new CertificateException("without an engine there is no name to check");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    // only servers tell their clients whom they accept
    return new X509Certificate[0];
  }
}
