package blackhole.client.service;

import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.ServiceRecord;
import blackhole.api.supervision.InstanceHealth;
import java.time.Duration;
import java.util.List;

/** Which nodes' instances a connection leads to. */
enum Side {
  /** This node's, over Unix sockets. */
  LOCAL("blackhole", Duration.ofSeconds(5)),
  /** Other nodes', over TCP with mutual TLS. */
  REMOTE("blackhole-remote", Duration.ofSeconds(10));

  private final String scheme;
  private final Duration connectTimeout;

  Side(String scheme, Duration connectTimeout) {
    this.scheme = scheme;
    this.connectTimeout = connectTimeout;
  }

  /** Of the targets that are resolved to this side. */
  String scheme() {
    return scheme;
  }

  /** How long calls wait for a connection to instances that the registry has. */
  Duration connectTimeout() {
    return connectTimeout;
  }

  boolean has(RegisteredEndpoint endpoint) {
    return switch (this) {
      case LOCAL ->
          endpoint.type() == RegisteredEndpoint.Type.LOCAL && endpoint.socket().isPresent();
      case REMOTE ->
          endpoint.type() == RegisteredEndpoint.Type.REMOTE
              && endpoint.host().isPresent()
              && endpoint.port().isPresent();
    };
  }

  /**
   * Where calls go. An instance of this node that owes an answer to a health check is among them
   * where no other is: on a busy machine the check may just be late, and a call has a deadline.
   */
  List<RegisteredEndpoint> usable(ServiceRecord service) {
    List<RegisteredEndpoint> usable =
        service.endpoints().stream().filter(e -> has(e) && e.isUsable()).toList();
    return usable.isEmpty() && this == LOCAL
        ? service.endpoints().stream()
            .filter(e -> has(e) && e.health() == InstanceHealth.UNREACHABLE)
            .toList()
        : usable;
  }

  boolean isUsable(ServiceRecord service) {
    return service.endpoints().stream().anyMatch(e -> has(e) && e.isUsable());
  }
}
