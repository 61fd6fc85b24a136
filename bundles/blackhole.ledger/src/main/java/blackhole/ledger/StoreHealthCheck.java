package blackhole.ledger;

import blackhole.api.service.HealthCheck;
import blackhole.api.service.HealthResult;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The host is as healthy as the store. */
@Component(service = HealthCheck.class)
public final class StoreHealthCheck implements HealthCheck {
  private final LedgerCore core;

  @Activate
  public StoreHealthCheck(@Reference LedgerCore core) {
    this.core = core;
  }

  @Override
  public HealthResult check() {
    return core.checkStore();
  }
}
