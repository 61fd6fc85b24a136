package blackhole.telemetry;

import blackhole.api.rpc.RpcStatus;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.lang.System.Logger.Level;

/** What a failure is in gRPC's words. */
final class Statuses {
  private static final System.Logger LOG = System.getLogger(Statuses.class.getName());

  private Statuses() {}

  static StatusRuntimeException of(Exception failure) {
    if (failure instanceof StatusRuntimeException status) {
      return status;
    }
    LOG.log(Level.ERROR, "a call to telemetry failed", failure);
    return failure instanceof IOException
        ? RpcStatus.of(
                Status.Code.UNAVAILABLE,
                Check.DOMAIN,
                "HISTORY_UNAVAILABLE",
                "the history cannot be read; telemetry's log says why")
            .asException()
        : Status.INTERNAL
            .withDescription("telemetry failed; its log says why")
            .asRuntimeException();
  }
}
