package blackhole.orchestrator.plan;

import blackhole.api.host.Assignment;
import blackhole.api.host.Lifecycle;
import blackhole.api.host.NodeHome;
import blackhole.api.host.TlsFiles;
import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.config.JvmFlags;
import blackhole.orchestrator.config.LogFormat;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.SupervisorConfig;
import blackhole.orchestrator.config.parser.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What a host is told, derived from the configuration. It starts nothing. */
public final class HostPlan {
  private final NodeHome home;
  private final String nodeId;
  private final Supplier<NodeConfig> config;
  private final ServiceBundles bundles;
  private final HostSockets sockets;
  private final Optional<TlsFiles> tls;
  private final Supplier<Secrets> secrets;

  /**
   * @param config what is in force, which may change
   * @param tls what hosts prove with who they are; empty where the node needs none
   * @param secrets of that configuration
   */
  public HostPlan(
      NodeHome home,
      String nodeId,
      Supplier<NodeConfig> config,
      ServiceBundles bundles,
      Optional<TlsFiles> tls,
      Supplier<Secrets> secrets) {
    this.secrets = secrets;
    this.tls = tls;
    this.home = home;
    this.nodeId = nodeId;
    this.config = config;
    this.bundles = bundles;
    this.sockets = new HostSockets(home);
  }

  /** The flags of an instance's JVM, but for those of the class-data archive. */
  public List<String> jvmFlags(ServiceConfig service) {
    return JvmFlags.of(service.limits(), service.jvmArgs());
  }

  /** What has a host write its log in the node's format; empty where that is the usual one. */
  public Optional<String> logFlag() {
    return config.get().logFormat() == LogFormat.JSON
        ? Optional.of("-D" + Lifecycle.LOG_FORMAT + "=json")
        : Optional.empty();
  }

  public Path link(ServiceConfig service, int instance) {
    return sockets.link(service, instance);
  }

  /**
   * An assignment for one process of an instance; makes the directories that it names.
   *
   * @param controlled false for a host that runs without an orchestrator
   */
  public Assignment assignment(
      InstanceId id, ServiceConfig service, String hostId, long generation, boolean controlled)
      throws IOException {
    ServiceBundles.Found bundle = bundles.findTrusted(service);
    Path link = sockets.link(service, id.instance());
    Path socket = sockets.socket(service, id.instance(), generation);
    home.prepareSocket(link);
    Files.createDirectories(socket.resolveSibling(""));
    SupervisorConfig supervisor = config.get().supervisor();
    return new Assignment(
        hostId,
        home.root(),
        nodeId,
        service.name(),
        id.instance(),
        socket,
        link,
        service.port(),
        bundle.files(),
        bundle.info().symbolicName(),
        service.custom(),
        data(service, bundle),
        controlled ? Optional.of(home.controlSocket()) : Optional.empty(),
        home.serviceLog(service.name(), id.instance()),
        controlled ? Optional.of(home.hostOutput(hostId)) : Optional.empty(),
        tls,
        service.grpc().maxMessageSizeBytes(),
        service.grpc().rateLimit(),
        supervisor.gracefulShutdownTimeout(),
        orphanTimeout(supervisor),
        secrets.get().in(service));
  }

  /** A text as it may be shown. */
  public String redacted(String text) {
    return secrets.get().redact(text);
  }

  private Optional<Path> data(ServiceConfig service, ServiceBundles.Found bundle)
      throws IOException {
    if (!bundle.keepsData()) {
      return Optional.empty();
    }
    Path directory = home.data(service.name());
    Files.createDirectories(directory);
    return Optional.of(directory);
  }

  /** How long a host lives without an orchestrator. */
  public Duration orphanTimeout() {
    return orphanTimeout(config.get().supervisor());
  }

  private static Duration orphanTimeout(SupervisorConfig supervisor) {
    return supervisor.onOrchestratorLoss() == SupervisorConfig.OrchestratorLoss.STOP
        ? Duration.ZERO
        : supervisor.staleProcessTimeout();
  }
}
