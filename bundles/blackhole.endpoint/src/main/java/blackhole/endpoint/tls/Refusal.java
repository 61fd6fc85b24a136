package blackhole.endpoint.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Names, for whoever reads the server's log, why a TLS handshake failed. */
final class Refusal {
  private static final String ALERT = "Received fatal alert: ";

  private Refusal() {}

  /** Empty when the other end just went away, as a look whether the port is open does. */
  static Optional<String> describe(Throwable failure) {
    Optional<String> certificate =
        causes(failure).map(Refusal::certificate).filter(Objects::nonNull).findFirst();
    if (certificate.isPresent()) {
      return certificate;
    }
    return failure instanceof SSLException ? Optional.of(protocol(failure)) : Optional.empty();
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }

  private static @Nullable String certificate(Throwable cause) {
    if (cause instanceof CertificateExpiredException) {
      return "its certificate has expired";
    }
    if (cause instanceof CertificateNotYetValidException) {
      return "its certificate is not valid yet";
    }
    if (cause instanceof CertPathBuilderException
        || (cause instanceof CertPathValidatorException && cause.getCause() == null)) {
      return "its certificate is signed by no authority that this node trusts";
    }
    return null;
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
    return message;
  }
}
