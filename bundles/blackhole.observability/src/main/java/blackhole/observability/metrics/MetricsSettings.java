package blackhole.observability.metrics;

import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.NodeConfiguration.Setting;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code node.metrics}, as the configuration in force has it: checked, and with its defaults.
 *
 * @param address an IP address or a host name
 */
record MetricsSettings(boolean enabled, String address, int port) {
  private static final String PREFIX = "node.metrics.";

  static MetricsSettings of(NodeConfiguration configuration) {
    Map<String, String> values =
        configuration.settings(Optional.empty()).stream()
            .filter(setting -> setting.key().startsWith(PREFIX))
            .collect(
                Collectors.toMap(
                    setting -> setting.key().substring(PREFIX.length()), Setting::value));
    return new MetricsSettings(
        Boolean.parseBoolean(values.get("enabled")),
        unquoted(values.getOrDefault("address", "")),
        Integer.parseInt(values.getOrDefault("port", "0")));
  }

  /** It stands there as it would in YAML. */
  private static String unquoted(String value) {
    return value.replaceAll("^[\"']|[\"']$", "");
  }
}
