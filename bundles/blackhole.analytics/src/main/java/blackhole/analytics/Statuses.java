package blackhole.analytics;

import blackhole.analytics.store.StoreException;
import blackhole.api.rpc.RpcStatus;
import blackhole.sqlite.Failures;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.lang.System.Logger.Level;

/** What a failure is in gRPC's words. */
final class Statuses {
  private static final System.Logger LOG = System.getLogger(Statuses.class.getName());

  private Statuses() {}

  static StatusRuntimeException of(RuntimeException failure) {
    if (failure instanceof StatusRuntimeException status) {
      return status;
    }
    if (failure instanceof StoreException expected) {
      return RpcStatus.of(
              code(expected),
              Check.DOMAIN,
              expected.kind() == Failures.Kind.UNAVAILABLE
                  ? "STORE_UNAVAILABLE"
                  : expected.kind().name(),
              String.valueOf(expected.getMessage()))
          .asException();
    }
    LOG.log(Level.ERROR, "a call to analytics failed", failure);
    return Status.INTERNAL
        .withDescription("analytics failed; its log says why")
        .asRuntimeException();
  }

  private static Status.Code code(StoreException failure) {
    return switch (failure.kind()) {
      case TIMED_OUT -> Status.Code.DEADLINE_EXCEEDED;
      case OVERLOADED, DISK_FULL -> Status.Code.RESOURCE_EXHAUSTED;
      case STOPPING, UNAVAILABLE -> Status.Code.UNAVAILABLE;
    };
  }
}
