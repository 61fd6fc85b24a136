package blackhole.endpoint.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Names, for whoever reads the server's log, why a TLS handshake failed. */
final class Refusal {
  private static final String ALERT = "Received fatal alert: ";

  private Refusal() {}

  /** Empty when the other end just went away, as a look whether the port is open does. */
  static Optional<String> describe(Throwable failure) {
    if (!(failure instanceof SSLException)) {
      return Optional.empty();
    }
    String named = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      // the innermost says most: "expired" stands within "the path is not valid"
      String name = certificate(cause);
      named = name == null ? named : name;
    }
    return Optional.of(named == null ? protocol(failure) : named);
  }

  private static @Nullable String certificate(Throwable cause) {
    if (cause instanceof CertificateExpiredException) {
      return "its certificate has expired";
    }
    if (cause instanceof CertificateNotYetValidException) {
      return "its certificate is not valid yet";
    }
    if (cause instanceof CertPathBuilderException
        || (cause instanceof CertPathValidatorException path && isOfNobody(path))) {
      return "its certificate is signed by no authority that this node trusts";
    }
    return cause instanceof CertificateException
        ? "its certificate is not accepted: " + cause.getMessage()
        : null;
  }

  /** The second: by somebody who only has the name of one that is trusted. */
  private static boolean isOfNobody(CertPathValidatorException path) {
    return path.getReason() == PKIXReason.NO_TRUST_ANCHOR
        || path.getReason() == BasicReason.INVALID_SIGNATURE;
  }

  private static String protocol(Throwable failure) {
    if (failure instanceof NotSslRecordException) {
      return "it speaks plaintext, and this port is for TLS";
    }
    String message = String.valueOf(failure.getMessage());
    if (message.startsWith("Empty ") && message.contains("certificate chain")) {
      return "it showed no certificate";
    }
    if (message.contains("not enabled or supported")) {
      return "it speaks no TLS that is taken here, which is 1.2 and 1.3 (" + message + ")";
    }
    if (message.startsWith(ALERT)) {
      return "it refused this node's certificate, or what else was offered: "
          + message.substring(ALERT.length());
    }
    if (message.contains("AEAD cipher fragment")) {
      // the JDK's clients send this alert in the clear, where it can't be read any more
      return "it refused this node's certificate, most likely: it broke off the handshake";
    }
    return message;
  }
}
