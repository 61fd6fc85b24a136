package blackhole.storage;

import blackhole.api.rpc.RpcStatus;
import blackhole.storage.call.StorageException;
import blackhole.storage.call.StorageException.Violation;
import blackhole.storage.v1.StorageGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** What a failure is in gRPC's words. */
final class Statuses {
  /** The domain of the reasons: this service's package. */
  static final String DOMAIN =
      StorageGrpc.SERVICE_NAME.substring(0, StorageGrpc.SERVICE_NAME.lastIndexOf('.'));

  private static final System.Logger LOG = System.getLogger(Statuses.class.getName());

  private Statuses() {}

  static StatusRuntimeException of(RuntimeException failure) {
    if (failure instanceof StatusRuntimeException status) {
      return status;
    }
    if (failure instanceof StorageException expected) {
      return of(expected);
    }
    LOG.log(System.Logger.Level.ERROR, "a call to storage failed", failure);
    return Status.INTERNAL.withDescription("storage failed; its log says why").asRuntimeException();
  }

  private static StatusRuntimeException of(StorageException failure) {
    RpcStatus status =
        RpcStatus.of(code(failure.reason()), DOMAIN, failure.reason().name(), failure.getMessage());
    for (Violation violation : failure.violations()) {
      status = status.violation(violation.field(), violation.description());
    }
    return status.asException();
  }

  private static Status.Code code(StorageException.Reason reason) {
    return switch (reason) {
      // too large a blob is too large at the next try, too: no RESOURCE_EXHAUSTED, which is retried
      case INVALID_REQUEST, INVALID_CID, CID_MISMATCH, BLOB_TOO_LARGE ->
          Status.Code.INVALID_ARGUMENT;
      case BLOB_NOT_FOUND -> Status.Code.NOT_FOUND;
      case RANGE_PAST_END -> Status.Code.OUT_OF_RANGE;
      case BLOB_DAMAGED -> Status.Code.DATA_LOSS;
      case DISK_FULL, OVERLOADED -> Status.Code.RESOURCE_EXHAUSTED;
      case TIMED_OUT -> Status.Code.DEADLINE_EXCEEDED;
      case STORE_UNAVAILABLE -> Status.Code.UNAVAILABLE;
    };
  }
}
