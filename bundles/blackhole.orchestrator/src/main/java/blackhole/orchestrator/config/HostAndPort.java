package blackhole.orchestrator.config;

/**
 * Where a service listens on the network.
 *
 * @param host a name, or an address; one of IPv6 without its brackets
 */
public record HostAndPort(String host, int port) {
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
