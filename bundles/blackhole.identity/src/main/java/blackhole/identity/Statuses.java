package blackhole.identity;

import blackhole.api.rpc.RpcStatus;
import blackhole.identity.call.IdentityException;
import blackhole.identity.call.IdentityException.Violation;
import blackhole.identity.v1.IdentityGrpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletionException;

/** What a failure is in gRPC's words. */
final class Statuses {
  /** The domain of the reasons: this service's package. */
  static final String DOMAIN =
      IdentityGrpc.SERVICE_NAME.substring(0, IdentityGrpc.SERVICE_NAME.lastIndexOf('.'));

  /** gRPC's own retry asks here when to come again. */
  static final Metadata.Key<String> RETRY_PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private static final System.Logger LOG = System.getLogger(Statuses.class.getName());

  private Statuses() {}

  static StatusRuntimeException of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof StatusRuntimeException status) {
      return status;
    }
    if (cause instanceof IdentityException expected) {
      return of(expected);
    }
    LOG.log(System.Logger.Level.ERROR, "a call to identity failed", cause);
    return Status.INTERNAL
        .withDescription("identity failed; its log says why")
        .asRuntimeException();
  }

  private static StatusRuntimeException of(IdentityException failure) {
    RpcStatus status =
        RpcStatus.of(code(failure.reason()), DOMAIN, failure.reason().name(), failure.getMessage());
    for (Violation violation : failure.violations()) {
      status = status.violation(violation.field(), violation.description());
    }
    if (failure.retryAfter().isEmpty()) {
      return status.asException();
    }
    RpcStatus later = status.retryAfter(failure.retryAfter().get());
    Metadata trailers = later.trailers();
    trailers.put(RETRY_PUSHBACK, Long.toString(failure.retryAfter().get().toMillis() + 1));
    return later.status().asRuntimeException(trailers);
  }

  private static Status.Code code(IdentityException.Reason reason) {
    return switch (reason) {
      case INVALID_REQUEST, INVALID_DID -> Status.Code.INVALID_ARGUMENT;
      case NAME_TAKEN -> Status.Code.ALREADY_EXISTS;
      case BAD_CREDENTIALS, INVALID_TOKEN -> Status.Code.UNAUTHENTICATED;
      case UNKNOWN_DID -> Status.Code.NOT_FOUND;
      case THROTTLED, OVERLOADED -> Status.Code.RESOURCE_EXHAUSTED;
      case TIMED_OUT -> Status.Code.DEADLINE_EXCEEDED;
      case UNAVAILABLE -> Status.Code.UNAVAILABLE;
    };
  }
}
