package blackhole.endpoint.health;

import java.time.Duration;

/** Health checks for tests that are not about checks which hang. */
public final class PatientChecks {
  private PatientChecks() {}

  /** With a timeout that a loaded machine meets: a check that is only slow is not unhealthy. */
  public static HealthChecks create() {
    return new HealthChecks(System::nanoTime, Duration.ofSeconds(20));
  }
}
