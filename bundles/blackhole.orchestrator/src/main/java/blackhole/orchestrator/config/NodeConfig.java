package blackhole.orchestrator.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole configuration, checked, with every default filled in.
 *
 * @param nodeId empty when it is made on first start
 * @param services by name, in the order of the file
 * @param policies by class name, in the order of the file
 */
public record NodeConfig(
    Optional<String> nodeId,
    Map<String, ServiceConfig> services,
    SupervisorConfig supervisor,
    Map<String, ResourcePolicy> policies) {
  /** The services that are enabled, in the order of the file. */
  public List<ServiceConfig> enabledServices() {
    return services.values().stream().filter(ServiceConfig::enabled).toList();
  }
}
