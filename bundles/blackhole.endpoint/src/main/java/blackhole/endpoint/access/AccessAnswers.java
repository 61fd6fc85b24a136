package blackhole.endpoint.access;

import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What callers are told that are not let in: what was missing, and what to send. */
final class AccessAnswers {
  private static final String HOW_A_USER = "send metadata 'authorization: Bearer <token>'";
  private static final String HOW_A_HOST =
      "a host of this node sends '"
          + CallerIdentity.CALL_TOKEN_HEADER
          + "' over the Unix socket, another node shows its certificate over TLS";

  private AccessAnswers() {}

  static RpcStatus userMissing(String method) {
    return unauthenticated(Reasons.CREDENTIALS_MISSING, method + " needs a user: " + HOW_A_USER);
  }

  static RpcStatus hostMissing(String method) {
    return unauthenticated(
        Reasons.CREDENTIALS_MISSING, method + " is for hosts and nodes: " + HOW_A_HOST);
  }

  static RpcStatus userOrHostMissing(String method) {
    return unauthenticated(
        Reasons.CREDENTIALS_MISSING,
        method + " needs a user or a host: " + HOW_A_USER + "; " + HOW_A_HOST);
  }

  static RpcStatus hostUnknown() {
    return unauthenticated(
        Reasons.TOKEN_INVALID,
        "'" + CallerIdentity.CALL_TOKEN_HEADER + "' is not that of a host of this node");
  }

  /**
   * @param why in identity's words, which are for callers
   */
  static RpcStatus tokenInvalid(@Nullable String why) {
    return unauthenticated(
        Reasons.TOKEN_INVALID, why == null ? "the token is forged or has expired" : why);
  }

  static RpcStatus adminsOnly(String method, String role) {
    return RpcStatus.of(
        Status.Code.PERMISSION_DENIED,
        Reasons.DOMAIN,
        Reasons.ACCESS_DENIED,
        method + " is for the role admin, and the token's is " + role);
  }

  /** There is nothing in this process that could ask identity. */
  static RpcStatus cannotAsk() {
    return RpcStatus.of(
        Status.Code.UNAVAILABLE,
        Reasons.DOMAIN,
        Reasons.SERVICE_NOT_READY,
        "cannot check the token: identity cannot be called from this process (yet)");
  }

  /** Identity gave no answer: neither yes nor no. Not even in the question's own time, if so. */
  static RpcStatus unchecked(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    RpcStatus answer =
        RpcStatus.of(
            Status.Code.UNAVAILABLE,
            Reasons.DOMAIN,
            RpcStatus.reasonOf(failure).orElse(Reasons.SERVICE_NOT_READY),
            "cannot check the token: identity answers " + describe(status));
    Optional<Duration> retryAfter = RpcStatus.retryAfterOf(failure);
    return retryAfter.isPresent() ? answer.retryAfter(retryAfter.get()) : answer;
  }

  private static String describe(Status status) {
    String description = status.getDescription();
    return description == null
        ? status.getCode().toString()
        : status.getCode() + " (" + description + ")";
  }

  private static RpcStatus unauthenticated(String reason, String message) {
    return RpcStatus.of(Status.Code.UNAUTHENTICATED, Reasons.DOMAIN, reason, message);
  }
}
