package blackhole.ledger;

import blackhole.api.rpc.RpcStatus;
import blackhole.ledger.call.LedgerException;
import blackhole.ledger.call.LedgerException.Violation;
import blackhole.ledger.v1.LedgerGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletionException;

/** What a failure is in gRPC's words. */
final class Statuses {
  /** The domain of the reasons: this service's package. */
  static final String DOMAIN =
      LedgerGrpc.SERVICE_NAME.substring(0, LedgerGrpc.SERVICE_NAME.lastIndexOf('.'));

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
    if (cause instanceof LedgerException expected) {
      return of(expected);
    }
    LOG.log(System.Logger.Level.ERROR, "a call to the ledger failed", cause);
    return Status.INTERNAL
        .withDescription("the ledger failed; its log says why")
        .asRuntimeException();
  }

  private static StatusRuntimeException of(LedgerException failure) {
    RpcStatus status =
        RpcStatus.of(code(failure.reason()), DOMAIN, failure.reason().name(), failure.getMessage());
    for (Violation violation : failure.violations()) {
      status = status.violation(violation.field(), violation.description());
    }
    return status.asException();
  }

  private static Status.Code code(LedgerException.Reason reason) {
    return switch (reason) {
      case INVALID_REQUEST -> Status.Code.INVALID_ARGUMENT;
      case KEY_REUSED -> Status.Code.ALREADY_EXISTS;
      case ENTRY_NOT_FOUND -> Status.Code.NOT_FOUND;
      case TREE_TOO_SMALL -> Status.Code.OUT_OF_RANGE;
      case ENTRY_DAMAGED -> Status.Code.DATA_LOSS;
      case DISK_FULL, OVERLOADED -> Status.Code.RESOURCE_EXHAUSTED;
      case TIMED_OUT -> Status.Code.DEADLINE_EXCEEDED;
      case STORE_UNAVAILABLE -> Status.Code.UNAVAILABLE;
    };
  }
}
