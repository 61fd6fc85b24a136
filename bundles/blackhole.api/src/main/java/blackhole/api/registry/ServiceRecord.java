package blackhole.api.registry;

import java.util.List;
import java.util.Map;

/**
 * All that a caller needs to know of a service.
 *
 * @param revision of the registry when this last changed
 * @param availability of its instances on this node
 * @param methods by full name, {@code package.Service/Method}; empty until one instance was ready
 * @param endpoints on this node first
 */
public record ServiceRecord(
    String name,
    long revision,
    Availability availability,
    CallPolicy policy,
    Map<String, Idempotency> methods,
    List<RegisteredEndpoint> endpoints) {
  public ServiceRecord {
    methods = Map.copyOf(methods);
    endpoints = List.copyOf(endpoints);
  }
}
