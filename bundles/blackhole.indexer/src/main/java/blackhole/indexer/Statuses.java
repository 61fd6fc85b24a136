package blackhole.indexer;

import blackhole.api.rpc.RpcStatus;
import blackhole.indexer.call.IndexerException;
import blackhole.indexer.call.IndexerException.Reason;
import blackhole.indexer.call.IndexerException.Violation;
import blackhole.indexer.v1.IndexerGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** What a failure is in gRPC's words. */
final class Statuses {
  /** The domain of the reasons: this service's package. */
  static final String DOMAIN =
      IndexerGrpc.SERVICE_NAME.substring(0, IndexerGrpc.SERVICE_NAME.lastIndexOf('.'));

  private static final System.Logger LOG = System.getLogger(Statuses.class.getName());

  private Statuses() {}

  static StatusRuntimeException of(RuntimeException failure) {
    if (failure instanceof IndexerException expected) {
      return of(expected);
    }
    LOG.log(System.Logger.Level.ERROR, "a call to the indexer failed", failure);
    return Status.INTERNAL
        .withDescription("the indexer failed; its log says why")
        .asRuntimeException();
  }

  private static StatusRuntimeException of(IndexerException failure) {
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
      case TIMED_OUT -> Status.Code.DEADLINE_EXCEEDED;
      case INDEX_UNAVAILABLE -> Status.Code.UNAVAILABLE;
    };
  }
}
