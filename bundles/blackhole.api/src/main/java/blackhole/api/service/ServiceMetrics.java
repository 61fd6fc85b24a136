package blackhole.api.service;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A service's own numbers, registered as a DS service; they stand beside the host's in its {@link
 * HealthReport}. Called from any thread whenever somebody asks for the host's health; it should
 * answer at once. What throws is left out.
 */
@ConsumerType
@FunctionalInterface
public interface ServiceMetrics {
  /**
   * By name, in lower case with underscores, the unit last ({@code ledger_log_bytes}) or {@code
   * total} for what only grows. A name that the host has itself is not taken.
   */
  Map<String, Double> metrics();
}
