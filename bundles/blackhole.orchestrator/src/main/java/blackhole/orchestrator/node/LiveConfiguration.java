package blackhole.orchestrator.node;

import blackhole.api.host.NodeHome;
import blackhole.api.supervision.NodeConfiguration;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.parser.ParseResult;
import blackhole.orchestrator.plan.ConfiguredNode;
import blackhole.orchestrator.plan.SettingChange;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The configuration in force, of which limits and policies may change. Thread-safe. */
final class LiveConfiguration implements NodeConfiguration {
  private final NodeHome home;
  private final String nodeId;

  private volatile InForce now;

  /** What changes together. */
  private record InForce(
      Optional<Path> file,
      NodeConfig config,
      List<blackhole.orchestrator.config.parser.Setting> settings) {}

  LiveConfiguration(ConfiguredNode configured, NodeHome home, String nodeId) {
    this.home = home;
    this.nodeId = nodeId;
    this.now = new InForce(configured.file(), configured.config(), configured.settings());
  }

  NodeConfig config() {
    return now.config();
  }

  /** What an instance of this service may use now. */
  long memoryBytes(ServiceConfig service) {
    return config().services().getOrDefault(service.name(), service).limits().maxMemoryBytes();
  }

  /** What is another in a file that was read again. */
  List<SettingChange> changes(ParseResult read) {
    return SettingChange.between(now.settings(), read.settings());
  }

  /** Takes over the limits and policies of a file that was read again, and has no errors. */
  void take(Path file, NodeConfig config, ParseResult read) {
    now =
        new InForce(
            Optional.of(file),
            now.config().withLimitsOf(config),
            SettingChange.inForce(now.settings(), read.settings()));
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
    String prefix = service.map(name -> "services." + name + ".").orElse("");
    return now.settings().stream()
        .filter(setting -> setting.key().startsWith(prefix))
        .map(setting -> new Setting(setting.key(), setting.value(), setting.origin()))
        .toList();
  }
}
