package blackhole.orchestrator.config;

import blackhole.api.supervision.Alerts.Severity;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What operators may be told of. */
public enum AlertRule {
  /** An instance was given up. */
  FAILED(Severity.CRITICAL),
  /** An instance ends again and again. */
  CRASH_LOOP(Severity.CRITICAL),
  /** An instance runs, and cannot be called. */
  UNHEALTHY(Severity.CRITICAL),
  /** The health of an instance goes up and down. */
  FLAPPING(Severity.WARNING),
  /** Resident memory is near its limit. */
  MEMORY_NEAR_LIMIT(Severity.WARNING),
  /** Something presses on an instance, and does not stop. */
  UNDER_PRESSURE(Severity.WARNING),
  /** A caller has not called a service for long. */
  BREAKER_OPEN(Severity.CRITICAL),
  /** A subscriber is far behind. */
  EVENT_LAG(Severity.WARNING),
  CERTIFICATE_EXPIRES(Severity.WARNING),
  CERTIFICATE_EXPIRED(Severity.CRITICAL),
  DISK_SPACE_LOW(Severity.WARNING),
  DISK_FULL(Severity.CRITICAL);

  private final Severity severity;

  AlertRule(Severity severity) {
    this.severity = severity;
  }

  public Severity severity() {
    return severity;
  }

  /** The name of its alerts. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<AlertRule> of(String word) {
    return Arrays.stream(values()).filter(rule -> rule.word().equals(word)).findFirst();
  }
}
