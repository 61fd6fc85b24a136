package blackhole.events;

import blackhole.api.service.DrainListener;
import blackhole.api.service.HealthCheck;
import blackhole.api.service.HealthResult;
import blackhole.api.service.ServiceMetrics;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * What the host asks the stream, and tells it: its health, its numbers, and that the end is near.
 */
@Component(service = {HealthCheck.class, ServiceMetrics.class, DrainListener.class})
public final class EventsOnHost implements HealthCheck, ServiceMetrics, DrainListener {
  private final EventsCore core;

  @Activate
  public EventsOnHost(@Reference EventsCore core) {
    this.core = core;
  }

  @Override
  public HealthResult check() {
    return core.check();
  }

  @Override
  public Map<String, Double> metrics() {
    return core.stream().metrics();
  }

  /** Subscriptions have no end of their own, so nobody could wait for it. */
  @Override
  public void draining() {
    core.stream().drain();
  }
}
