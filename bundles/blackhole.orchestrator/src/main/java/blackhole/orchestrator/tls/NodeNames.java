package blackhole.orchestrator.tls;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a node's certificate is for.
 *
 * @param hosts names and addresses by which programs reach the node, beside its id
 */
public record NodeNames(String nodeId, List<String> hosts) {
  public NodeNames {
    Set<String> distinct = new LinkedHashSet<>(hosts);
    distinct.remove(nodeId);
    hosts = List.copyOf(distinct);
  }

  /** Whether a host is an address rather than a name. */
  public static boolean isAddress(String host) {
    return host.contains(":") || host.matches("[0-9]+(\\.[0-9]+){3}");
  }
}
