package blackhole.identity;

import blackhole.identity.call.IdentityException;
import blackhole.identity.call.IdentityException.Violation;
import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.concurrent.CompletionException;

/** What a failure is in gRPC's words. */
final class Statuses {
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
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(code(failure.reason()).value())
            .setMessage(String.valueOf(failure.getMessage()));
    if (!failure.violations().isEmpty()) {
      status.addDetails(Any.pack(badRequest(failure)));
    }
    Metadata trailers = new Metadata();
    failure
        .retryAfter()
        .ifPresent(
            wait -> {
              status.addDetails(Any.pack(retryInfo(wait)));
              trailers.put(RETRY_PUSHBACK, Long.toString(wait.toMillis() + 1));
            });
    return StatusProto.toStatusRuntimeException(status.build(), trailers);
  }

  private static Status.Code code(IdentityException.Reason reason) {
    return switch (reason) {
      case INVALID_INPUT, INVALID_DID -> Status.Code.INVALID_ARGUMENT;
      case NAME_TAKEN -> Status.Code.ALREADY_EXISTS;
      case BAD_CREDENTIALS, INVALID_TOKEN -> Status.Code.UNAUTHENTICATED;
      case UNKNOWN_DID -> Status.Code.NOT_FOUND;
      case THROTTLED, OVERLOADED -> Status.Code.RESOURCE_EXHAUSTED;
      case TIMED_OUT -> Status.Code.DEADLINE_EXCEEDED;
      case UNAVAILABLE -> Status.Code.UNAVAILABLE;
    };
  }

  private static BadRequest badRequest(IdentityException failure) {
    BadRequest.Builder request = BadRequest.newBuilder();
    for (Violation violation : failure.violations()) {
      request.addFieldViolations(
          FieldViolation.newBuilder()
              .setField(violation.field())
              .setDescription(violation.description()));
    }
    return request.build();
  }

  private static RetryInfo retryInfo(java.time.Duration wait) {
    return RetryInfo.newBuilder()
        .setRetryDelay(Duration.newBuilder().setSeconds(wait.getSeconds()).setNanos(wait.getNano()))
        .build();
  }
}
