package blackhole.orchestrator.plan;

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

  /**
   * What one process binds: always in the home, where its length is minded; the link points here.
   */
  public Path socket(ServiceConfig service, int instance, long generation) {
    return home.serviceSocket(service.name(), instance, generation);
  }
}
