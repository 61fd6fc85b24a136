package blackhole.api.service;

/**
 * The answer of one {@link HealthCheck}.
 *
 * @param message why; empty only when healthy
 */
public record HealthResult(HealthStatus status, String message) {
  public HealthResult {
    if (status != HealthStatus.HEALTHY && message.isBlank()) {
      throw new IllegalArgumentException("a " + status + " result needs a message");
    }
  }

  public static HealthResult healthy() {
    return new HealthResult(HealthStatus.HEALTHY, "");
  }

  public static HealthResult degraded(String message) {
    return new HealthResult(HealthStatus.DEGRADED, message);
  }

  public static HealthResult unhealthy(String message) {
    return new HealthResult(HealthStatus.UNHEALTHY, message);
  }
}
