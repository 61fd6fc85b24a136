package blackhole.orchestrator.config.schema;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * One key that holds a value.
 *
 * @param path dotted, with {@code *} where users give names, for example {@code services.*.port}
 * @param defaultYaml as it would stand in the file; {@code *} stands for the first given name;
 *     empty if there is none
 * @param namedDefaults other defaults, by the last given name
 * @param absent what leaving it out means, for the README
 */
public record Key<T>(
    String path,
    ValueType<T> type,
    Optional<String> defaultYaml,
    Map<String, String> namedDefaults,
    String absent)
    implements Element {
  static <T> Key<T> of(String path, ValueType<T> type, String defaultYaml, String absent) {
    return new Key<>(path, type, Optional.of(defaultYaml), Map.of(), absent);
  }

  static <T> Key<T> withoutDefault(String path, ValueType<T> type, String absent) {
    return new Key<>(path, type, Optional.empty(), Map.of(), absent);
  }

  Key<T> butFor(Map<String, String> defaults) {
    return new Key<>(path, type, defaultYaml, Map.copyOf(defaults), absent);
  }

  /** Its full path, with the given names in place of the stars. */
  public String at(String... names) {
    String full = path;
    for (String name : names) {
      full = full.replaceFirst("\\*", Matcher.quoteReplacement(name));
    }
    return full;
  }

  /** Its default under these names. */
  public Optional<String> defaultAt(String... names) {
    if (names.length == 0) {
      return defaultYaml;
    }
    String named = namedDefaults.get(names[names.length - 1]);
    return named != null
        ? Optional.of(named)
        : defaultYaml.map(yaml -> yaml.replace("*", names[0]));
  }
}
