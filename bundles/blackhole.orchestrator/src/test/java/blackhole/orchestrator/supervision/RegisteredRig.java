package blackhole.orchestrator.supervision;

import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.Idempotency;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.ServiceRecord;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.registry.CallPolicies;
import blackhole.orchestrator.registry.InMemoryRegistry;
import blackhole.orchestrator.registry.NodeDirectory;
import blackhole.orchestrator.registry.Registrar;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A rig whose instances stand in a registry. */
final class RegisteredRig {
  static final Map<String, Idempotency> METHODS =
      Map.of("blackhole.storage.v1.Storage/Get", Idempotency.NO_SIDE_EFFECTS);

  final Rig rig;
  final InMemoryRegistry registry;
  final NodeDirectory directory;
  final Registrar registrar;

  RegisteredRig(ServiceConfig... services) {
    rig = new Rig(services);
    registry = new InMemoryRegistry(rig.time);
    directory = new NodeDirectory(registry, rig.time, "e1");
    Map<String, CallPolicy> policies = new LinkedHashMap<>();
    for (ServiceConfig service : services) {
      if (service.enabled()) {
        policies.put(service.name(), CallPolicies.of(service, true));
      }
      rig.driver.behaviour.put(service.name(), this::becomesReady);
    }
    registrar = new Registrar("node-a", registry, directory::acknowledged, policies, rig.time);
    directory.start();
    registrar.start(rig.engine);
    rig.advance(0);
  }

  /** As the control bridge has it: the registrar hears first. */
  private void becomesReady(FakeHost host) {
    host.after(
        Duration.ofMillis(400),
        () -> {
          registrar.ready(host.id, hostId(host), OptionalInt.of(50001), METHODS);
          host.ready();
        });
    host.onExit().thenRun(() -> registrar.withdraw(host.id, hostId(host)));
  }

  static String hostId(FakeHost host) {
    return host.id + "-abc-" + host.generation;
  }

  ServiceRecord storage() {
    return directory.directory().find("storage").orElseThrow();
  }

  List<String> ids() {
    return storage().endpoints().stream().map(RegisteredEndpoint::id).toList();
  }
}
