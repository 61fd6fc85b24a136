package blackhole.orchestrator.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Another node, whose services may be called.
 *
 * @param nodeId whom its certificate must be for
 * @param certificateAuthority who must have signed that; empty for this node's own authority
 * @param services where each listens, by name, in the order of the file
 */
public record RemoteNode(
    String nodeId, Optional<Path> certificateAuthority, Map<String, HostAndPort> services) {
  public RemoteNode {
    services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
  }
}
