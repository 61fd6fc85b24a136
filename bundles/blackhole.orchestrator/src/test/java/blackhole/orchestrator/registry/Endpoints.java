package blackhole.orchestrator.registry;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.ServiceDescription;
import blackhole.api.supervision.InstanceHealth;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Endpoints and services for tests. */
final class Endpoints {
  static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

  private Endpoints() {}

  static RegisteredEndpoint endpoint(String service, int instance) {
    return endpoint(service, instance, InstanceHealth.HEALTHY, "", THEN);
  }

  static RegisteredEndpoint endpoint(
      String service, int instance, InstanceHealth health, String message, Instant lastSeen) {
    return new RegisteredEndpoint(
        service + "-" + instance + "-run",
        service,
        instance,
        RegisteredEndpoint.Type.LOCAL,
        "node-a",
        Optional.of(Path.of("/run/" + service + "-" + instance + ".sock")),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        OptionalLong.of(4711),
        health,
        message,
        lastSeen);
  }

  static ServiceDescription description(String service) {
    return new ServiceDescription(service, Availability.SERVING, CallPolicy.DEFAULT, Map.of());
  }
}
