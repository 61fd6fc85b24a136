package blackhole.api.registry;

import java.util.List;

/**
 * All that the registry holds, at one revision.
 *
 * @param revision where a watch goes on from
 */
public record RegistrySnapshot(
    long revision, List<ServiceDescription> services, List<RegisteredEndpoint> endpoints) {
  public RegistrySnapshot {
    services = List.copyOf(services);
    endpoints = List.copyOf(endpoints);
  }
}
