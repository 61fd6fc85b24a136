package blackhole.orchestrator.node;

import blackhole.api.host.NodeHome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the launcher told this orchestrator.
 *
 * @param configuration the file that was named
 * @param index of the unpacked jars
 * @param only the services to run, with what they depend on; empty for all
 * @param attached whether a shell has the terminal, so that events must not be printed there
 */
record NodeOptions(
    NodeHome home, Optional<Path> configuration, Path index, List<String> only, boolean attached) {

  /**
   * @param property by key
   */
  static NodeOptions of(Function<String, Optional<String>> property) {
    return new NodeOptions(
        NodeHome.of(Path.of(required(property, "blackhole.home"))),
        property.apply("blackhole.config").map(Path::of),
        Path.of(required(property, "blackhole.index")),
        property.apply("blackhole.only").map(names -> List.of(names.split(","))).orElse(List.of()),
        property.apply("blackhole.attached").isPresent());
  }

  private static String required(Function<String, Optional<String>> property, String key) {
    return property
        .apply(key)
        .orElseThrow(() -> new IllegalStateException("the framework has no property " + key));
  }
}
