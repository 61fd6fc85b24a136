package blackhole.storage;

import blackhole.api.service.HealthCheck;
import blackhole.api.service.HealthResult;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The host is as healthy as the store. */
@Component(service = HealthCheck.class)
public final class StoreHealthCheck implements HealthCheck {
  private final StorageCore core;

  @Activate
  public StoreHealthCheck(@Reference StorageCore core) {
    this.core = core;
  }

  @Override
  public HealthResult check() {
    return core.checkStore();
  }
}
