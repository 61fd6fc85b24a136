package blackhole.identity;

import blackhole.api.service.ServiceMetrics;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Identity's numbers. */
@Component(service = ServiceMetrics.class)
public final class IdentityMetrics implements ServiceMetrics {
  private final IdentityCore core;

  @Activate
  public IdentityMetrics(@Reference IdentityCore core) {
    this.core = core;
  }

  @Override
  public Map<String, Double> metrics() {
    return core.numbers().metrics();
  }
}
