package blackhole.api.supervision;

/** Where an instance stands between wanted and running. */
public enum InstanceState {
  /** Its process is being started, or has not said that it is ready yet. */
  STARTING,
  /** It serves. */
  READY,
  /** It takes no new calls, finishes those in flight, and will exit. */
  DRAINING,
  /** It ended, and waits for its next start. */
  BACKOFF,
  /** It is not wanted. */
  STOPPED,
  /** It ended too often; it stays down until somebody starts it. */
  FAILED
}
