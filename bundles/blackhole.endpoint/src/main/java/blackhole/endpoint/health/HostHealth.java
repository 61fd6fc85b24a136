package blackhole.endpoint.health;

import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthReporter;
import blackhole.api.service.HealthResult;
import blackhole.endpoint.call.CallCounters;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The health of this process: the authors' checks, and its numbers and theirs. Thread-safe. */
public final class HostHealth implements HealthReporter {
  private final HealthChecks checks;
  private final CallCounters calls;
  private final ProcessMetrics process;
  private final Supplier<Map<String, Double>> services;

  /**
   * @param services the numbers of the services that run here
   */
  public HostHealth(
      HealthChecks checks,
      CallCounters calls,
      ProcessMetrics process,
      Supplier<Map<String, Double>> services) {
    this.checks = checks;
    this.calls = calls;
    this.process = process;
    this.services = services;
  }

  /** The worst result of all checks, made now. */
  public HealthResult check() {
    return checks.run();
  }

  @Override
  public HealthReport report() {
    HealthResult result = check();
    return new HealthReport(result.status(), result.message(), process.uptime(), metrics());
  }

  private Map<String, Double> metrics() {
    // what is the host's own comes last, and so counts
    Map<String, Double> metrics = new HashMap<>(services.get());
    metrics.put("requests_total", (double) calls.requests());
    metrics.put("errors_total", (double) calls.errors());
    metrics.put("rate_limited_total", (double) calls.rateLimited());
    metrics.put("active_streams", (double) calls.active());
    process.collect(metrics);
    return metrics;
  }
}
