package blackhole.orchestrator.config.parser;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * What a configuration has to know about a service's bundle: its name, and who may use its data.
 */
public record BundleInfo(String symbolicName, Data data) {
  /** The manifest header {@code Blackhole-Data}. */
  public enum Data {
    /** It keeps none. */
    NONE,
    /** Several processes may use it at once. */
    SHARED,
    /** One process at a time. */
    SINGLE
  }

  /** Empty if it is not the manifest of a bundle. */
  public static Optional<BundleInfo> of(Manifest manifest) {
    Attributes headers = manifest.getMainAttributes();
    return Optional.ofNullable(headers.getValue("Bundle-SymbolicName"))
        .map(name -> new BundleInfo(name.split(";", 2)[0].strip(), data(headers)));
  }

  /**
   * Reads a jar's manifest; empty if it is a jar, but not a bundle.
   *
   * @throws IOException if it can't be read, or is no jar
   */
  public static Optional<BundleInfo> read(Path path) throws IOException {
    try (JarFile jar = new JarFile(path.toFile())) {
      return Optional.ofNullable(jar.getManifest()).flatMap(BundleInfo::of);
    }
  }

  private static Data data(Attributes headers) {
    String value = Optional.ofNullable(headers.getValue("Blackhole-Data")).orElse("");
    return switch (value.strip().toLowerCase(Locale.ROOT)) {
      case "shared" -> Data.SHARED;
      case "single" -> Data.SINGLE;
      default -> Data.NONE;
    };
  }
}
