package blackhole.orchestrator.node;

import blackhole.api.registry.CallPolicy;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.RemoteNode;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.parser.BundleInfo;
import blackhole.orchestrator.plan.ServiceBundles;
import blackhole.orchestrator.registry.CallPolicies;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The services that a node's configuration names, here and elsewhere, and how they are called. */
final class KnownServices {
  private static final Logger LOG = System.getLogger(KnownServices.class.getName());

  private KnownServices() {}

  /**
   * The policy of each: of this node's enabled services, and of those that only other nodes have.
   */
  static Map<String, CallPolicy> policies(NodeConfig config, ServiceBundles bundles) {
    Map<String, CallPolicy> policies = new LinkedHashMap<>();
    for (ServiceConfig service : config.enabledServices()) {
      policies.put(service.name(), CallPolicies.of(service, keepsData(service, bundles)));
    }
    for (RemoteNode node : config.remotes()) {
      for (String name : node.services().keySet()) {
        policies.computeIfAbsent(name, unused -> policyElsewhere(config, bundles, name));
      }
    }
    return policies;
  }

  /** A service that is disabled here is called as its stanza says. */
  private static CallPolicy policyElsewhere(
      NodeConfig config, ServiceBundles bundles, String name) {
    ServiceConfig disabled = config.services().get(name);
    return disabled == null
        ? CallPolicies.elsewhere()
        : CallPolicies.of(disabled, keepsData(disabled, bundles));
  }

  /** Those whose data one process at a time may use, for all that is known. */
  static Set<String> single(NodeConfig config, ServiceBundles bundles) {
    return config.enabledServices().stream()
        .filter(service -> isSingle(service, bundles))
        .map(ServiceConfig::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean isSingle(ServiceConfig service, ServiceBundles bundles) {
    try {
      return bundles.find(service).info().data() == BundleInfo.Data.SINGLE;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the bundle of " + service.name() + " cannot be read", e);
      return true;
    }
  }

  /** A bundle that cannot be read may keep data; its start will say what is wrong with it. */
  private static boolean keepsData(ServiceConfig service, ServiceBundles bundles) {
    try {
      return bundles.find(service).keepsData();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the bundle of " + service.name() + " cannot be read", e);
      return true;
    }
  }
}
