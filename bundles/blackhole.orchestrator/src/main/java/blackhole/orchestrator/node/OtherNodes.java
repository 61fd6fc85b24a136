package blackhole.orchestrator.node;

import blackhole.api.registry.Idempotency;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.orchestrator.registry.Registrar;
import blackhole.orchestrator.remote.RemoteSink;
import java.time.Instant;
import java.util.Map;

/** Has what is found out of other nodes written into the registry. */
record OtherNodes(Registrar registrar) implements RemoteSink {
  @Override
  public void changed(RegisteredEndpoint endpoint, Map<String, Idempotency> methods) {
    registrar.elsewhere(endpoint, methods);
  }

  @Override
  public void seen(String service, String endpointId, Instant time) {
    registrar.seenElsewhere(service, endpointId, time);
  }
}
