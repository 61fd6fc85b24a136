package blackhole.endpoint.call;

import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import io.grpc.Status;
import java.time.Duration;

/** The answer to calls that the end of the process cuts off. */
public final class Stopping {
  /** Another instance is there at once, a successor of the only one in about this time. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  public static final RpcStatus STATUS =
      RpcStatus.of(
              Status.Code.UNAVAILABLE, Reasons.DOMAIN, Reasons.DRAINING, "the service is stopping")
          .retryAfter(RETRY_AFTER);

  private Stopping() {}
}
