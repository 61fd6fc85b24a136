package blackhole.ledger;

import blackhole.api.service.ServiceMetrics;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The ledger's numbers. */
@Component(service = ServiceMetrics.class)
public final class LedgerMetrics implements ServiceMetrics {
  private final LedgerCore core;

  @Activate
  public LedgerMetrics(@Reference LedgerCore core) {
    this.core = core;
  }

  @Override
  public Map<String, Double> metrics() {
    return core.store().metrics();
  }
}
