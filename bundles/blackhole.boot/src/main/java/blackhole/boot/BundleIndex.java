package blackhole.boot;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/**
 * Which jars of the class path enter the framework as bundles, in what order, and which of them are
 * left for somebody to start. Written beside the jars when they were unpacked.
 */
final class BundleIndex {
  private final Path file;
  private final Properties properties;
  private final String kind;

  private BundleIndex(Path file, Properties properties, String kind) {
    this.file = file;
    this.properties = properties;
    this.kind = kind;
  }

  static BundleIndex read(Path file, BootOptions.Kind kind) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    String prefix = kind == BootOptions.Kind.HOST ? "host" : "orchestrator";
    return new BundleIndex(file.toAbsolutePath(), properties, prefix);
  }

  /** The jars that are bundles of this kind of process, in the order of the class path. */
  List<Path> bundles() {
    return names(kind + ".bundles").stream().map(file::resolveSibling).toList();
  }

  /** Those of them that stay installed until they are needed. */
  Set<Path> lazy() {
    return Set.copyOf(names(kind + ".lazy").stream().map(file::resolveSibling).toList());
  }

  private List<String> names(String key) {
    String value = properties.getProperty(key, "");
    return value.isEmpty() ? List.of() : List.of(value.split(","));
  }
}
