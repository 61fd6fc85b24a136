package blackhole.storage;

import blackhole.api.service.ServiceMetrics;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The store's numbers. */
@Component(service = ServiceMetrics.class)
public final class StorageMetrics implements ServiceMetrics {
  private final StorageCore core;

  @Activate
  public StorageMetrics(@Reference StorageCore core) {
    this.core = core;
  }

  @Override
  public Map<String, Double> metrics() {
    return core.store().metrics();
  }
}
