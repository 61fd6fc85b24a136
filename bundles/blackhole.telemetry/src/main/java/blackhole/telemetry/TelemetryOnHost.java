package blackhole.telemetry;

import blackhole.api.service.HealthCheck;
import blackhole.api.service.HealthResult;
import blackhole.api.service.ServiceMetrics;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What the host asks telemetry: its health, and its numbers. */
@Component(service = {HealthCheck.class, ServiceMetrics.class})
public final class TelemetryOnHost implements HealthCheck, ServiceMetrics {
  private final TelemetryCore core;

  @Activate
  public TelemetryOnHost(@Reference TelemetryCore core) {
    this.core = core;
  }

  @Override
  public HealthResult check() {
    return core.check();
  }

  @Override
  public Map<String, Double> metrics() {
    return core.metrics();
  }
}
