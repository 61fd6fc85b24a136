package blackhole.orchestrator.remote;

import blackhole.api.registry.Idempotency;
import blackhole.api.registry.RegisteredEndpoint;
import java.time.Instant;
import java.util.Map;

/**
 * Is told of the services of other nodes. Calls for one endpoint come one after the other, those
 * for different ones at once; none may block.
 */
public interface RemoteSink {
  /**
   * The endpoint is new, or something of it that matters to callers has changed.
   *
   * @param endpoint its {@code lastSeen} is {@link Instant#EPOCH} as long as it never answered
   * @param methods by full name, {@code package.Service/Method}, as last heard; empty as long as
   *     nothing was
   */
  void changed(RegisteredEndpoint endpoint, Map<String, Idempotency> methods);

  /** It answered, and nothing else of it has changed. */
  void seen(String service, String endpointId, Instant time);
}
