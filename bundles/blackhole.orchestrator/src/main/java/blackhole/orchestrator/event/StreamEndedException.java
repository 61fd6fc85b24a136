package blackhole.orchestrator.event;

import io.grpc.Status;

/** A subscription is over. */
final class StreamEndedException extends Exception {
  private static final long serialVersionUID = 1L;

  StreamEndedException(Status status) {
    super(
        status.getDescription() == null
            ? status.getCode().toString()
            : status.getCode() + ": " + status.getDescription());
  }
}
