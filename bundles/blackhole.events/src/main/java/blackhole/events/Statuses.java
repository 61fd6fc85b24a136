package blackhole.events;

import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import blackhole.events.call.EventsException;
import blackhole.events.call.EventsException.Reason;
import blackhole.events.call.EventsException.Violation;
import blackhole.events.v1.EventStreamGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** What a failure is in gRPC's words. */
final class Statuses {
  /** The domain of the reasons: this service's package. */
  static final String DOMAIN =
      EventStreamGrpc.SERVICE_NAME.substring(0, EventStreamGrpc.SERVICE_NAME.lastIndexOf('.'));

  private static final System.Logger LOG = System.getLogger(Statuses.class.getName());

  /** About when a successor is there. */
  private static final Duration SUCCESSOR = Duration.ofSeconds(1);

  private Statuses() {}

  static StatusRuntimeException of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof EventsException expected) {
      return of(expected);
    }
    LOG.log(System.Logger.Level.ERROR, "a call to events failed", cause);
    return Status.INTERNAL.withDescription("events failed; its log says why").asRuntimeException();
  }

  private static StatusRuntimeException of(EventsException failure) {
    if (failure.reason() == Reason.DRAINING) {
      return RpcStatus.of(
              Status.Code.UNAVAILABLE, Reasons.DOMAIN, Reasons.DRAINING, failure.getMessage())
          .retryAfter(SUCCESSOR)
          .asException();
    }
    RpcStatus status =
        RpcStatus.of(code(failure.reason()), DOMAIN, failure.reason().name(), failure.getMessage());
    for (Violation violation : failure.violations()) {
      status = status.violation(violation.field(), violation.description());
    }
    return status.asException();
  }

  private static Status.Code code(Reason reason) {
    return switch (reason) {
      case INVALID_REQUEST -> Status.Code.INVALID_ARGUMENT;
      case POSITION_NOT_GIVEN -> Status.Code.OUT_OF_RANGE;
      case GROUP_MISMATCH -> Status.Code.FAILED_PRECONDITION;
      case GROUP_NOT_FOUND -> Status.Code.NOT_FOUND;
      case TOO_MANY_SUBSCRIBERS, TOO_MANY_GROUPS, SLOW_SUBSCRIBER, OVERLOADED, DISK_FULL ->
          Status.Code.RESOURCE_EXHAUSTED;
      case LOG_UNAVAILABLE, DRAINING -> Status.Code.UNAVAILABLE;
    };
  }
}
