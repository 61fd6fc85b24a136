package blackhole.api.supervision;

/** What is known of an instance's health, its own word and ours. */
public enum InstanceHealth {
  HEALTHY,
  DEGRADED,
  UNHEALTHY,
  /** Its process runs, but does not answer. */
  UNREACHABLE,
  /** It has no process. */
  DOWN,
  /** Nobody has asked it yet. */
  UNKNOWN
}
