package blackhole.orchestrator.remote;

import io.grpc.Status;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in words why another node could not be reached. */
final class ConnectFailure {
  private static final int MAX_CAUSES = 16;
  private static final Pattern ALERT =
      Pattern.compile("Received fatal alert: ([a-z_]+)", Pattern.CASE_INSENSITIVE);

  private final String nodeId;
  private final Duration timeout;

  /**
   * @param timeout what was waited for an answer
   */
  ConnectFailure(String nodeId, Duration timeout) {
    this.nodeId = nodeId;
    this.timeout = timeout;
  }

  String inWords(Throwable failure) {
    // the innermost knows best
    Optional<String> known = Optional.empty();
    Throwable cause = failure;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
      Optional<String> found = known(cause);
      known = found.isPresent() ? found : known;
    }
    return known.orElseGet(() -> status(Status.fromThrowable(failure)));
  }

  private Optional<String> known(Throwable cause) {
    return Stream.<Function<Throwable, @Nullable String>>of(
            this::certificate, this::tls, this::network)
        .map(kind -> Optional.<String>ofNullable(kind.apply(cause)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private @Nullable String certificate(Throwable cause) {
    if (cause instanceof CertificateExpiredException) {
      return "the certificate of " + nodeId + ", or that of its authority, has expired";
    }
    if (cause instanceof CertificateNotYetValidException) {
      return "the certificate of " + nodeId + ", or that of its authority, is not valid yet";
    }
    if (cause instanceof CertPathBuilderException) {
      return "the certificate of " + nodeId + " is not signed by the authority that is trusted";
    }
    if (cause instanceof CertPathValidatorException) {
      return "the certificate of " + nodeId + " is not valid: " + cause.getMessage();
    }
    if (cause instanceof CertificateException && message(cause).contains("name")) {
      return "the certificate that answers is not for " + nodeId;
    }
    return null;
  }

  private @Nullable String tls(Throwable cause) {
    if (!(cause instanceof SSLException)) {
      return null;
    }
    Matcher alert = ALERT.matcher(message(cause));
    if (alert.find()) {
      String name = alert.group(1).toLowerCase(Locale.ROOT);
      return name.contains("certificate") || name.equals("unknown_ca")
          ? nodeId + " refuses the certificate of this node: " + name
          : nodeId + " refuses the connection: " + name;
    }
    return cause.getClass().getSimpleName().equals("NotSslRecordException")
            || message(cause).startsWith("Unsupported or unrecognized SSL message")
        ? "what answers there does not speak TLS"
        : null;
  }

  private @Nullable String network(Throwable cause) {
    if (cause instanceof UnknownHostException) {
      return "the host is not known: " + message(cause);
    }
    if (cause instanceof NoRouteToHostException) {
      return "there is no route to the host";
    }
    if (cause instanceof ConnectException) {
      return message(cause).contains("refused")
          ? "the connection is refused: nothing listens there"
          : "no connection could be made: " + message(cause);
    }
    return null;
  }

  private String status(Status status) {
    if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
      return "no answer within " + timeout.toMillis() + " ms";
    }
    String description = status.getDescription();
    String said = description == null ? status.getCode().name() : description;
    Throwable cause = status.getCause();
    return cause == null ? said : said + ": " + message(cause);
  }

  private static String message(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
