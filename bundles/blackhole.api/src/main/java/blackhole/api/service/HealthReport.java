package blackhole.api.service;

import java.time.Duration;
import java.util.Map;

/**
 * The health of a whole host.
 *
 * @param message why; empty only when healthy
 * @param uptime since the process started
 * @param metrics by name: {@code requests_total}, {@code errors_total}, {@code rate_limited_total},
 *     {@code active_streams}, {@code heap_used_bytes}, {@code rss_bytes}, {@code cpu_cores}, {@code
 *     open_fds}, {@code threads}, and the service's own ({@link ServiceMetrics}); one that cannot
 *     be read on this system is left out
 */
public record HealthReport(
    HealthStatus status, String message, Duration uptime, Map<String, Double> metrics) {
  public HealthReport {
    metrics = Map.copyOf(metrics);
  }
}
