package blackhole.client.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in words why a handshake failed. */
public final class TlsFailure {
  private static final String ALERT = "Received fatal alert: ";

  private TlsFailure() {}

  /**
   * @param failure why a connection was not made
   * @return null when TLS is not the reason
   */
  public static @Nullable String describe(@Nullable Throwable failure) {
    SSLException outermost = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof NodeCertificateException) {
        return cause.getMessage();
      }
      if (cause instanceof NotSslRecordException) {
        return "the other end does not speak TLS";
      }
      if (outermost == null && cause instanceof SSLException ssl) {
        outermost = ssl;
      }
    }
    return outermost == null ? null : alert(String.valueOf(outermost.getMessage()));
  }

  private static String alert(String message) {
    int at = message.indexOf(ALERT);
    if (at < 0) {
      return "TLS failed: " + message;
    }
    String alert = message.substring(at + ALERT.length()).toLowerCase(Locale.ROOT);
    if (alert.contains("certificate") || alert.contains("unknown_ca")) {
      return "the other end refused this node's certificate (" + alert + ")";
    }
    return alert.contains("protocol_version")
        ? "the other end speaks no version of TLS that this node does"
        : "the other end ended the handshake (" + alert + ")";
  }
}
