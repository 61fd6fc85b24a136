package blackhole.orchestrator.node;

import blackhole.api.host.NodeHome;
import blackhole.api.supervision.NodeConfiguration;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.parser.Secrets;
import blackhole.orchestrator.config.schema.ResourcePolicyKeys;
import blackhole.orchestrator.plan.ConfiguredNode;
import blackhole.orchestrator.plan.ReloadPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The configuration in force, which may change while the node runs. Thread-safe. */
final class LiveConfiguration implements NodeConfiguration {
  private final NodeHome home;
  private final String nodeId;

  private final Consumer<Secrets> hider;

  private volatile InForce now;

  /** Of all that was ever read: processes and logs may hold older ones. */
  private volatile Secrets secrets = Secrets.NONE;

  /** What changes together. */
  private record InForce(Optional<Path> file, ReloadPlan.Side side) {}

  /**
   * @param hider sees to it that these show in no log
   */
  LiveConfiguration(
      ConfiguredNode configured, NodeHome home, String nodeId, Consumer<Secrets> hider) {
    this.hider = hider;
    this.home = home;
    this.nodeId = nodeId;
    this.now =
        new InForce(
            configured.file(), new ReloadPlan.Side(configured.config(), configured.settings()));
    hide(configured.secrets());
  }

  /** Before anything is done that could tell of them. */
  final synchronized void hide(Secrets more) {
    secrets = secrets.and(more);
    hider.accept(more);
  }

  Secrets secrets() {
    return secrets;
  }

  NodeConfig config() {
    return side().config();
  }

  /** Whether there is an event stream. */
  boolean hasEvents() {
    return has("events");
  }

  /** Whether a service is to run. */
  boolean has(String service) {
    return config().enabledServices().stream().anyMatch(one -> one.name().equals(service));
  }

  /** What an instance of this service may use now. */
  long memoryBytes(ServiceConfig service) {
    return config().services().getOrDefault(service.name(), service).limits().maxMemoryBytes();
  }

  /** The configuration, and how it is written. */
  ReloadPlan.Side side() {
    return now.side();
  }

  /**
   * From now on this is in force.
   *
   * @param file that it was read from
   */
  void take(Path file, ReloadPlan.Side side) {
    now = new InForce(Optional.of(file), side);
  }

  @Override
  public String nodeId() {
    return nodeId;
  }

  @Override
  public Path home() {
    return home.root();
  }

  @Override
  public Optional<Path> file() {
    return now.file();
  }

  @Override
  public List<Setting> settings(Optional<String> service) {
    ReloadPlan.Side side = side();
    List<String> prefixes =
        service
            .map(
                name ->
                    List.of(
                        "services." + name + ".",
                        ResourcePolicyKeys.SECTION
                            + "."
                            + side.config().policyOf(name).name()
                            + "."))
            .orElse(List.of(""));
    return side.settings().stream()
        .filter(setting -> prefixes.stream().anyMatch(setting.key()::startsWith))
        .map(setting -> new Setting(setting.key(), setting.value(), setting.origin()))
        .toList();
  }
}
