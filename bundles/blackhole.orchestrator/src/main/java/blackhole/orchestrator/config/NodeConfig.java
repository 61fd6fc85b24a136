package blackhole.orchestrator.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A whole configuration, checked, with every default filled in.
 *
 * @param nodeId empty when it is made on first start
 * @param services by name, in the order of the file
 * @param policies by class name, in the order of the file
 * @param logFormat of all processes of the node
 * @param tracing which calls are traced
 * @param alerts what operators are told of
 * @param remotes other nodes, in the order of the file
 * @param bundles which bundles are taken
 */
public record NodeConfig(
    Optional<String> nodeId,
    Map<String, ServiceConfig> services,
    SupervisorConfig supervisor,
    Map<String, ResourcePolicy> policies,
    TlsConfig tls,
    LogFormat logFormat,
    TracingConfig tracing,
    AlertConfig alerts,
    List<RemoteNode> remotes,
    BundleRules bundles) {
  private static final ResourcePolicy NO_CLASS =
      new ResourcePolicy(
          ResourcePolicy.STANDARD,
          List.of(),
          0.05,
          0,
          OptionalDouble.empty(),
          OptionalDouble.empty());

  public NodeConfig {
    services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
    policies = Collections.unmodifiableMap(new LinkedHashMap<>(policies));
    remotes = List.copyOf(remotes);
  }

  /** With mutual TLS, and no other nodes. */
  public NodeConfig(
      Optional<String> nodeId,
      Map<String, ServiceConfig> services,
      SupervisorConfig supervisor,
      Map<String, ResourcePolicy> policies) {
    this(
        nodeId,
        services,
        supervisor,
        policies,
        TlsConfig.SECURE,
        LogFormat.TEXT,
        TracingConfig.OFF,
        AlertConfig.DEFAULT,
        List.of(),
        BundleRules.OPEN);
  }

  /** A service that is to run; empty for one that is disabled, or not configured. */
  public Optional<ServiceConfig> enabled(String service) {
    return Optional.ofNullable(services.get(service)).filter(ServiceConfig::enabled);
  }

  /** The services that are enabled, in the order of the file. */
  public List<ServiceConfig> enabledServices() {
    return services.values().stream().filter(ServiceConfig::enabled).toList();
  }

  /**
   * Whether anything of this node has to prove who it is: a TCP port, or a caller of other nodes.
   */
  public boolean needsCertificates() {
    return !tls.insecureLoopback()
        && (!remotes.isEmpty()
            || enabledServices().stream().anyMatch(service -> service.port().isPresent()));
  }

  /** The class that lists this service; a service in no list is standard. */
  public ResourcePolicy policyOf(String service) {
    return policies.values().stream()
        .filter(policy -> policy.members().contains(service))
        .findFirst()
        .orElseGet(() -> policies.getOrDefault(ResourcePolicy.STANDARD, NO_CLASS));
  }

  /** The same node with other services, and with how another minds them. */
  public NodeConfig with(Map<String, ServiceConfig> others, NodeConfig minding) {
    return new NodeConfig(
        nodeId,
        others,
        minding.supervisor.withStartOf(supervisor),
        minding.policies,
        tls,
        logFormat,
        tracing,
        alerts,
        remotes,
        bundles);
  }

  /** The same node with only these services (see {@link StartOrder#select}). */
  public NodeConfig restrictedTo(Set<String> names) {
    Map<String, ServiceConfig> kept = new LinkedHashMap<>(services);
    kept.keySet().retainAll(names);
    return new NodeConfig(
        nodeId, kept, supervisor, policies, tls, logFormat, tracing, alerts, remotes, bundles);
  }
}
