package blackhole.orchestrator.node;

import blackhole.api.host.NodeHome;
import blackhole.api.supervision.NodeConfiguration;
import blackhole.orchestrator.plan.ConfiguredNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The configuration as the shell sees it. */
record PublishedConfiguration(
    String nodeId, Path home, Optional<Path> file, List<NodeConfiguration.Setting> all)
    implements NodeConfiguration {

  static PublishedConfiguration of(ConfiguredNode configured, NodeHome home, String nodeId) {
    List<Setting> settings =
        configured.settings().stream()
            .map(setting -> new Setting(setting.key(), setting.value(), setting.origin()))
            .toList();
    return new PublishedConfiguration(nodeId, home.root(), configured.file(), settings);
  }

  @Override
  public List<Setting> settings(Optional<String> service) {
    if (service.isEmpty()) {
      return all;
    }
    String prefix = "services." + service.get() + ".";
    return all.stream().filter(setting -> setting.key().startsWith(prefix)).toList();
  }
}
