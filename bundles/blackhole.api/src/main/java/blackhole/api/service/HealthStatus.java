package blackhole.api.service;

/** How well a service does, from best to worst. */
public enum HealthStatus {
  /** All is well. */
  HEALTHY,
  /** It serves, but something that it wants is missing or slow. */
  DEGRADED,
  /** It cannot serve; calls are sent elsewhere until it recovers. */
  UNHEALTHY
}
