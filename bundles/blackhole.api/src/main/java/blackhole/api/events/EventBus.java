package blackhole.api.events;

import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/** The way into the node's event stream. Thread-safe. */
@ProviderType
public interface EventBus {
  /**
   * Publishes an event. An event whose source and id were published before is not published again,
   * so one that failed can be tried again by who has to be sure.
   *
   * @return its position, once it is durable. It fails with gRPC's {@code StatusRuntimeException},
   *     after the retries that are configured for calls to {@code events}
   */
  CompletableFuture<Long> publish(Event event);
}
