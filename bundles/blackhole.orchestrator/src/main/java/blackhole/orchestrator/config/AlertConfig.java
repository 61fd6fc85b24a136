package blackhole.orchestrator.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What operators are told of, and where.
 *
 * @param off rules that raise nothing
 * @param webhook who is told in the manner of Alertmanager; empty for nobody
 * @param crashes so many ends that nobody asked for within {@code crashWindow} are a loop
 * @param unhealthyAfter without a break
 * @param memory of the limit, where the service's class has no {@code memory_threshold}
 * @param memoryAfter without a break
 * @param pressureAfter without a break
 * @param breakerAfter not closed without a break
 * @param eventLag events that a subscriber is behind
 * @param eventLagAfter without a break
 * @param certificateBefore its end
 * @param diskFree of the disk
 */
public record AlertConfig(
    Set<AlertRule> off,
    Optional<URI> webhook,
    int crashes,
    Duration crashWindow,
    Duration unhealthyAfter,
    double memory,
    Duration memoryAfter,
    Duration pressureAfter,
    Duration breakerAfter,
    int eventLag,
    Duration eventLagAfter,
    Duration certificateBefore,
    double diskFree) {
  public static final AlertConfig DEFAULT =
      new AlertConfig(
          Set.of(),
          Optional.empty(),
          3,
          Duration.ofHours(1),
          Duration.ofMinutes(1),
          0.9,
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofMinutes(2),
          10_000,
          Duration.ofMinutes(5),
          Duration.ofDays(14),
          0.05);

  public AlertConfig {
    off = Set.copyOf(off);
  }
}
