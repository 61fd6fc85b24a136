package blackhole.identity;

import blackhole.api.events.EventBus;
import blackhole.api.service.ServiceMetrics;
import blackhole.sqlite.outbox.OutboxPublisher;
import java.io.IOException;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Publishes what the users have to tell, and says how much waits. On its own, so that the service
 * needs no event stream.
 */
@Component(service = ServiceMetrics.class, immediate = true)
public final class IdentityEvents implements ServiceMetrics {
  private final OutboxPublisher publisher;

  @Activate
  public IdentityEvents(@Reference IdentityCore core, @Reference EventBus bus) throws IOException {
    publisher = OutboxPublisher.start(core.users().outbox(), bus, core.directory());
  }

  @Override
  public Map<String, Double> metrics() {
    return publisher.metrics();
  }

  @Deactivate
  public void close() {
    publisher.close();
  }
}
