package blackhole.boot;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A child's command line: its kind, then {@code --key value} pairs, each of which bundles find as
 * the framework property {@code blackhole.key}.
 */
record BootOptions(Kind kind, Map<String, String> values) {
  enum Kind {
    ORCHESTRATOR,
    HOST
  }

  static BootOptions parse(String... arguments) {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("expected 'orchestrator' or 'host' first");
    }
    Kind kind =
        switch (arguments[0]) {
          case "orchestrator" -> Kind.ORCHESTRATOR;
          case "host" -> Kind.HOST;
          default -> throw new IllegalArgumentException("unknown kind '" + arguments[0] + "'");
        };
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 1; i < arguments.length; i += 2) {
      if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
        throw new IllegalArgumentException("expected --key value, got '" + arguments[i] + "'");
      }
      values.put(arguments[i].substring(2), arguments[i + 1]);
    }
    return new BootOptions(kind, values);
  }

  Path path(String key) {
    return Path.of(value(key));
  }

  long number(String key) {
    try {
      return Long.parseLong(value(key));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--" + key + ": expected a number", e);
    }
  }

  String value(String key) {
    return find(key).orElseThrow(() -> new IllegalArgumentException("--" + key + " is missing"));
  }

  Optional<String> find(String key) {
    return Optional.ofNullable(values.get(key));
  }
}
