package blackhole.orchestrator.node;

import blackhole.api.host.Assignment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The environment of a host: the node's own, with what says who the host is. */
final class HostEnvironment {
  static final String TOKEN = "BLACKHOLE_TOKEN";

  private static final String NAME = "SERVICE_NAME";
  private static final String INSTANCE = "SERVICE_INSTANCE";
  private static final String SOCKET = "SERVICE_SOCKET";
  private static final String PORT = "SERVICE_PORT";
  private static final String CONTROL = "BLACKHOLE_SOCKET";

  private HostEnvironment() {}

  /**
   * @param inherited may hold variables of these names, when somebody else's service started the
   *     node; none of them gets through
   */
  static Map<String, String> of(
      Map<String, String> inherited, Assignment assignment, Path controlSocket, String token) {
    Map<String, String> environment = ofSpare(inherited, controlSocket, token);
    environment.put(NAME, assignment.service());
    environment.put(INSTANCE, Integer.toString(assignment.instance()));
    environment.put(SOCKET, assignment.socket().toString());
    assignment.port().ifPresent(port -> environment.put(PORT, Integer.toString(port)));
    return environment;
  }

  /** Of one whose service is not known yet. */
  static Map<String, String> ofSpare(
      Map<String, String> inherited, Path controlSocket, String token) {
    Map<String, String> environment = new HashMap<>(inherited);
    environment.keySet().removeAll(List.of(NAME, INSTANCE, SOCKET, PORT, CONTROL, TOKEN));
    environment.put(CONTROL, controlSocket.toString());
    environment.put(TOKEN, token);
    // glibc's arenas for every thread cost a small process more than they give
    environment.putIfAbsent("MALLOC_ARENA_MAX", "2");
    return environment;
  }
}
