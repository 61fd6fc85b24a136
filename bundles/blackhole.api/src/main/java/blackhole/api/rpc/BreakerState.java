package blackhole.api.rpc;

/** Of a circuit breaker. */
public enum BreakerState {
  /** Calls go through. */
  CLOSED,
  /** Calls fail at once. */
  OPEN,
  /** A few calls go through, to see whether the service is back. */
  HALF_OPEN
}
