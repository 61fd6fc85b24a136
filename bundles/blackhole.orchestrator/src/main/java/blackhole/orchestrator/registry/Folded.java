package blackhole.orchestrator.registry;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.RegistryEvent;
import blackhole.api.registry.ServiceDescription;
import blackhole.api.registry.ServiceRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One service, put together from the registry's events. Used by one thread at a time. */
final class Folded {
  private static final Comparator<RegisteredEndpoint> LOCAL_FIRST =
      Comparator.comparing(RegisteredEndpoint::type)
          .thenComparing(RegisteredEndpoint::instance)
          .thenComparing(RegisteredEndpoint::id);

  private final String name;
  private final Map<String, RegisteredEndpoint> endpoints = new HashMap<>();
  private @Nullable ServiceDescription description;
  private long revision;

  Folded(String name) {
    this.name = name;
  }

  void apply(RegistryEvent event) {
    revision = event.revision();
    if (event instanceof RegistryEvent.EndpointPut put) {
      endpoints.put(put.endpoint().id(), put.endpoint());
    } else if (event instanceof RegistryEvent.EndpointRemoved removed) {
      endpoints.remove(removed.id());
    } else if (event instanceof RegistryEvent.ServiceDescribed described) {
      description = described.description();
    } else if (event instanceof RegistryEvent.ServiceForgotten) {
      description = null;
    }
  }

  /** Takes something over that makes no revision. */
  void refresh(RegisteredEndpoint seen) {
    endpoints.replace(seen.id(), seen);
  }

  /** Empty for a name that neither has a description nor an endpoint. */
  Optional<ServiceRecord> toRecord() {
    if (description == null && endpoints.isEmpty()) {
      return Optional.empty();
    }
    ServiceDescription known = description == null ? undescribed() : description;
    List<RegisteredEndpoint> sorted = new ArrayList<>(endpoints.values());
    sorted.sort(LOCAL_FIRST);
    return Optional.of(
        new ServiceRecord(
            name, revision, known.availability(), known.policy(), known.methods(), sorted));
  }

  /** Another node has it, and this one's configuration says nothing of it. */
  private ServiceDescription undescribed() {
    return new ServiceDescription(
        name,
        new Availability(
            Availability.State.STOPPED, name + " is not configured on this node", Optional.empty()),
        CallPolicy.DEFAULT,
        Map.of());
  }
}
