package blackhole.api.host;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one host runs: everything it needs to know, decided by whoever starts it. Written by {@link
 * AssignmentFile} and read by the host before its framework starts, or, by one that was started as
 * a spare (see {@link Vacancy}), when it gets its service.
 *
 * @param hostId unique on this node, in the command line and in file names
 * @param home the node's home
 * @param service the configured name
 * @param instance from 1
 * @param socket the path to bind, this process's own
 * @param link the stable path that callers use, made to point at {@code socket} once it is bound
 * @param port a TCP port, or empty
 * @param bundles the jars to install, libraries first, the service's own bundle last
 * @param symbolicName of the service's bundle; also the PID of its configuration
 * @param custom the service's settings: String, Boolean, Long, Double, or a List of these; sizes
 *     are bytes, durations milliseconds
 * @param dataDirectory exists; empty for a service that declares no data
 * @param controlSocket the orchestrator's socket; empty for a host that runs alone
 * @param log the structured log file, which the host rotates
 * @param output where stdout and stderr go, which the host bounds; empty to leave them alone
 * @param tls what the TCP port, and calls to other nodes, prove by TLS who they are with; empty
 *     where the node has none, and then a port is plaintext on the loopback interface
 * @param maxMessageSizeBytes the largest message that is accepted
 * @param rateLimit calls started per second; empty for no limit
 * @param drainTimeout how long calls in flight may take to finish on stop
 * @param orphanTimeout how long to serve without an orchestrator before draining and exiting
 * @param secrets what of all this must never show in a log, as it would stand there
 */
public record Assignment(
    String hostId,
    Path home,
    String nodeId,
    String service,
    int instance,
    Path socket,
    Path link,
    OptionalInt port,
    List<Path> bundles,
    String symbolicName,
    Map<String, Object> custom,
    Optional<Path> dataDirectory,
    Optional<Path> controlSocket,
    Path log,
    Optional<Path> output,
    Optional<TlsFiles> tls,
    int maxMessageSizeBytes,
    OptionalInt rateLimit,
    Duration drainTimeout,
    Duration orphanTimeout,
    List<String> secrets) {
  public Assignment {
    bundles = List.copyOf(bundles);
    custom = Map.copyOf(custom);
    secrets = List.copyOf(secrets);
  }

  /** Without secrets. */
  public Assignment(
      String hostId,
      Path home,
      String nodeId,
      String service,
      int instance,
      Path socket,
      Path link,
      OptionalInt port,
      List<Path> bundles,
      String symbolicName,
      Map<String, Object> custom,
      Optional<Path> dataDirectory,
      Optional<Path> controlSocket,
      Path log,
      Optional<Path> output,
      Optional<TlsFiles> tls,
      int maxMessageSizeBytes,
      OptionalInt rateLimit,
      Duration drainTimeout,
      Duration orphanTimeout) {
    this(
        hostId,
        home,
        nodeId,
        service,
        instance,
        socket,
        link,
        port,
        bundles,
        symbolicName,
        custom,
        dataDirectory,
        controlSocket,
        log,
        output,
        tls,
        maxMessageSizeBytes,
        rateLimit,
        drainTimeout,
        orphanTimeout,
        List.of());
  }
}
