package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.schema.Key;
import java.nio.file.Path;

/** Defaults stand in the schema as YAML, and are read like a file's values. */
final class Defaults {
  private static final References NO_REFERENCES =
      new References(SecretResolver.SYSTEM, Path.of("/"));

  private Defaults() {}

  static <T> T parse(Key<T> key, String yaml) {
    Problems problems = new Problems("default");
    return YamlReader.read(yaml, problems)
        .map(node -> new NodeValue(node, key.path(), NO_REFERENCES, problems).read(key))
        .flatMap(Entry::value)
        .orElseThrow(() -> new IllegalStateException("a wrong default: " + problems.errors()));
  }
}
