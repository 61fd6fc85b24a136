package blackhole.orchestrator.plan;

import java.util.Set;
import java.util.regex.Pattern;

/** What it takes for a setting to come into force while a node runs. Pure. */
enum SettingEffect {
  /** Nothing: whoever needs it looks at it, or is told. */
  LIVE,
  /** New processes of its service: a host is told once, at its start. */
  PROCESS,
  /** A start of the node: its hosts or its own parts have settled on it. */
  NODE;

  /** Told to every host, or made once. */
  private static final Set<String> OF_THE_START =
      Set.of(
          "supervisor.stale_process_timeout",
          "supervisor.on_orchestrator_loss",
          "supervisor.warm_spares");

  /** Within a service's stanza. */
  private static final Pattern OF_THE_PROCESS =
      Pattern.compile(
          "bundle|jvm_args|port|unix_socket|custom\\..*|grpc\\.(max_message_size|rate_limit)");

  /**
   * @param key in full
   */
  static SettingEffect of(String key) {
    if (SettingChange.serviceOf(key).isPresent()) {
      return OF_THE_PROCESS.matcher(SettingChange.shortKeyOf(key)).matches() ? PROCESS : LIVE;
    }
    return key.startsWith("supervisor.") && !OF_THE_START.contains(key) ? LIVE : NODE;
  }
}
