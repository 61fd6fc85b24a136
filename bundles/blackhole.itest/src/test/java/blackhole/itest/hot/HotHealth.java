package blackhole.itest.hot;

import blackhole.api.service.HealthCheck;
import blackhole.api.service.HealthResult;
import org.osgi.service.component.annotations.Component;

/** Well, unless its bundle is to be otherwise. */
@Component
public final class HotHealth implements HealthCheck {
  @Override
  public HealthResult check() {
    if (Nature.is("exit")) {
      System.exit(7);
    }
    return Nature.is("unhealthy")
        ? HealthResult.unhealthy("this version feels bad")
        : HealthResult.healthy();
  }
}
