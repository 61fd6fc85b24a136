package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.HostAndPort;
import blackhole.orchestrator.config.RemoteNode;
import blackhole.orchestrator.config.schema.RemoteKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The records of the other nodes. */
final class RemoteReader {
  private RemoteReader() {}

  /** Those that have an id; that one is missing is found by {@link RemoteChecks}. */
  static List<RemoteNode> read(Values values, Path folder) {
    List<RemoteNode> nodes = new ArrayList<>();
    for (String number : values.names(RemoteKeys.SECTION)) {
      values
          .find(RemoteKeys.NODE_ID, number)
          .ifPresent(id -> nodes.add(node(values, folder, number, id)));
    }
    return nodes;
  }

  private static RemoteNode node(Values values, Path folder, String number, String id) {
    Map<String, HostAndPort> services = new LinkedHashMap<>();
    for (String service : values.names(RemoteKeys.SERVICES_SECTION.replace("*", number))) {
      values
          .find(RemoteKeys.ADDRESS, number, service)
          .ifPresent(address -> services.put(service, address));
    }
    return new RemoteNode(
        id, NodeReader.path(values, RemoteKeys.CERTIFICATE_AUTHORITY, folder, number), services);
  }
}
