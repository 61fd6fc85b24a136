package blackhole.client.breaker;

import io.grpc.Status;

/** What the end of a call says of the service that was called. */
public enum Outcome {
  /** It works. */
  SUCCESS,
  /** It does not. */
  FAILURE,
  /**
   * It answered that the caller is wrong, or asks for too much. That is no failure, nor does it
   * push failures out of the window; but a probe that is answered so has shown that the service is
   * there.
   */
  ANSWERED,
  /** Nothing: the caller went away. */
  UNKNOWN;

  /**
   * RESOURCE_EXHAUSTED is a service that protects itself: to open the circuit for it would make an
   * outage of a limit. ABORTED, UNIMPLEMENTED and the like are answers of a service that runs.
   */
  public static Outcome of(Status.Code code) {
    return switch (code) {
      case OK -> SUCCESS;
      case UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL, UNKNOWN, DATA_LOSS -> FAILURE;
      case CANCELLED -> UNKNOWN;
      case INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          ABORTED,
          RESOURCE_EXHAUSTED ->
          ANSWERED;
    };
  }
}
