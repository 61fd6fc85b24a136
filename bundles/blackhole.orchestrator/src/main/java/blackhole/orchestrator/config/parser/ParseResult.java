package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.NodeConfig;
import java.util.List;
import java.util.Optional;

/**
 * What became of a file.
 *
 * @param config present if and only if there are no errors
 * @param errors all of them, in the order of the file
 * @param warnings what is odd, but does not keep the node from running
 * @param settings the effective ones; empty if there are errors
 * @param secrets what must never show in a log; {@code config} holds it in clear
 */
public record ParseResult(
    Optional<NodeConfig> config,
    List<Problem> errors,
    List<Problem> warnings,
    List<Setting> settings,
    Secrets secrets) {
  public ParseResult {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
    settings = List.copyOf(settings);
  }

  static ParseResult refused(Problems problems) {
    return new ParseResult(
        Optional.empty(), problems.errors(), problems.warnings(), List.of(), Secrets.NONE);
  }

  /** The effective settings of one service. */
  public List<Setting> settingsOf(String service) {
    String prefix = "services." + service + ".";
    return settings.stream().filter(setting -> setting.key().startsWith(prefix)).toList();
  }
}
