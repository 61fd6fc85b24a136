package blackhole.orchestrator.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What operators may be told of. */
public enum AlertRule {
  /** An instance was given up. */
  FAILED(true),
  /** An instance ends again and again. */
  CRASH_LOOP(true),
  /** An instance runs, and cannot be called. */
  UNHEALTHY(true),
  /** The health of an instance goes up and down. */
  FLAPPING(false),
  /** Resident memory is near its limit. */
  MEMORY_NEAR_LIMIT(false),
  /** Something presses on an instance, and does not stop. */
  UNDER_PRESSURE(false),
  /** A caller has not called a service for long. */
  BREAKER_OPEN(true),
  /** A subscriber is far behind. */
  EVENT_LAG(false),
  CERTIFICATE_EXPIRES(false),
  CERTIFICATE_EXPIRED(true),
  DISK_SPACE_LOW(false),
  DISK_FULL(true);

  private final boolean critical;

  AlertRule(boolean critical) {
    this.critical = critical;
  }

  /** Somebody is failed already, or will be before anyone looks; else it can wait for the day. */
  public boolean isCritical() {
    return critical;
  }

  /** The name of its alerts. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<AlertRule> of(String word) {
    return Arrays.stream(values()).filter(rule -> rule.word().equals(word)).findFirst();
  }
}
