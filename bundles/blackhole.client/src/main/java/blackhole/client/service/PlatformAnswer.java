package blackhole.client.service;

import blackhole.api.rpc.RpcStatus;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Carries what this client itself answers through gRPC, as a status's cause: a balancer can give a
 * status, but no details beside it.
 */
final class PlatformAnswer extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient RpcStatus answer;

  private PlatformAnswer(RpcStatus answer) {
    super(answer.toString(), null, false, false);
    this.answer = answer;
  }

  static Status carry(RpcStatus answer) {
    return answer.status().withCause(new PlatformAnswer(answer));
  }

  /** The details for the caller; null when the status did not come from here. */
  static @Nullable Metadata trailersOf(Status status) {
    return status.getCause() instanceof PlatformAnswer cause ? cause.answer.trailers() : null;
  }
}
