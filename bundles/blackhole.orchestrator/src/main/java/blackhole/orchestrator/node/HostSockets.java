package blackhole.orchestrator.node;

import blackhole.api.host.NodeHome;
import blackhole.orchestrator.config.ServiceConfig;
import java.nio.file.Path;

/** The paths of an instance: the link that callers use, and the socket of each of its processes. */
public final class HostSockets {
  private final NodeHome home;

  public HostSockets(NodeHome home) {
    this.home = home;
  }

  /** The stable path. */
  public Path link(ServiceConfig service, int instance) {
    return service
        .unixSocket()
        .map(path -> home.root().resolve(path.replace("{instance}", Integer.toString(instance))))
        .orElseGet(() -> home.serviceLink(service.name(), instance));
  }

  /** What a generation binds: beside the link, because a link is replaced by a rename. */
  public Path socket(ServiceConfig service, int instance, long generation) {
    if (service.unixSocket().isEmpty()) {
      return home.serviceSocket(service.name(), instance, generation);
    }
    Path link = link(service, instance);
    String name = link.getFileName().toString().replaceFirst("\\.sock$", "");
    return link.resolveSibling(name + "." + generation + ".sock");
  }
}
