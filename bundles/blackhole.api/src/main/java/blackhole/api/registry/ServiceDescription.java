package blackhole.api.registry;

import java.util.Map;

/**
 * What the registry says of a service beside its endpoints.
 *
 * @param methods by full name, {@code package.Service/Method}; empty until one instance was ready
 */
public record ServiceDescription(
    String name, Availability availability, CallPolicy policy, Map<String, Idempotency> methods) {
  public ServiceDescription {
    methods = Map.copyOf(methods);
  }
}
