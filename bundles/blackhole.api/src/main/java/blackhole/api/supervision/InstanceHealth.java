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
  UNKNOWN;

  /** Whether calls may go to such an instance: all but those that are known to fail. */
  public boolean isUsable() {
    return switch (this) {
      case HEALTHY, DEGRADED, UNKNOWN -> true;
      case UNHEALTHY, UNREACHABLE, DOWN -> false;
    };
  }
}
