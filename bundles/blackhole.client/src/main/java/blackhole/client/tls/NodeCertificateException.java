package blackhole.client.tls;

import java.security.cert.CertificateException;

/** Another node's certificate was refused; the message is a sentence for people. */
final class NodeCertificateException extends CertificateException {
  private static final long serialVersionUID = 1L;

  NodeCertificateException(String message, Throwable cause) {
    super(message, cause);
  }
}
