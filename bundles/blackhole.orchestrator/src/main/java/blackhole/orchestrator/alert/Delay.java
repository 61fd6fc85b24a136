package blackhole.orchestrator.alert;

import blackhole.orchestrator.config.AlertConfig;
import blackhole.orchestrator.config.AlertRule;
import java.time.Duration;

/** How long a rule has to be sure of it. */
public final class Delay {
  /** What is well for so long is over, however long it took to be believed. */
  private static final Duration LONGEST_TO_RESOLVE = Duration.ofMinutes(1);

  private Delay() {}

  public static AlertBook.Delays of(AlertConfig config, AlertRule rule) {
    Duration raise =
        switch (rule) {
          case UNHEALTHY -> config.unhealthyAfter();
          case MEMORY_NEAR_LIMIT -> config.memoryAfter();
          case UNDER_PRESSURE -> config.pressureAfter();
          case BREAKER_OPEN -> config.breakerAfter();
          case EVENT_LAG -> config.eventLagAfter();
          // what they go by has room between its beginning and its end already
          case FAILED,
              CRASH_LOOP,
              FLAPPING,
              CERTIFICATE_EXPIRES,
              CERTIFICATE_EXPIRED,
              DISK_SPACE_LOW,
              DISK_FULL ->
              Duration.ZERO;
        };
    return new AlertBook.Delays(
        raise, raise.compareTo(LONGEST_TO_RESOLVE) < 0 ? raise : LONGEST_TO_RESOLVE);
  }
}
