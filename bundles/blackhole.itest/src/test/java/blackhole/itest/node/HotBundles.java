package blackhole.itest.node;

import aQute.bnd.osgi.Jar;
import blackhole.itest.hot.v1.HotGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.osgi.framework.FrameworkUtil;

/** Versions of bundles, good ones and bad ones. */
final class HotBundles {
  private final Path directory;

  HotBundles(Path directory) {
    this.directory = directory;
  }

  /** A good one of a service without data. */
  Path version(String version) {
    return version(version, Map.of());
  }

  /**
   * @param instructions bnd's, beside the usual ones
   */
  Path version(String version, Map<String, String> instructions) {
    String name = instructions.getOrDefault("Bundle-SymbolicName", "blackhole.itest.hot");
    Map<String, String> all = new HashMap<>();
    all.put("Bundle-Version", version);
    all.put("Private-Package", "blackhole.itest.hot, blackhole.itest.hot.v1");
    all.put("-dsannotations", "blackhole.itest.hot.HotService, blackhole.itest.hot.HotHealth");
    all.putAll(instructions);
    return TestBundles.build(
        fresh(), name, List.of(HotGrpc.class, FrameworkUtil.class), Map.copyOf(all));
  }

  private Path fresh() {
    try {
      return Files.createTempDirectory(directory, "version-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that has a fault of its own. */
  Path faulty(String version, String fault) {
    return version(version, Map.of("Hot-Fault", fault));
  }

  /** A bundle that the launcher carries, as another version. */
  Path carried(Path home, String name, String version) throws Exception {
    Path found;
    try (Stream<Path> files = Files.list(home.resolve("lib"))) {
      found =
          files
              .filter(file -> file.getFileName().toString().startsWith(name + "-"))
              .findFirst()
              .orElseThrow();
    }
    return as(found, version);
  }

  /** The same bundle, as another version. */
  Path as(Path bundle, String version) throws Exception {
    return with(bundle, "Bundle-Version", version);
  }

  /** The same bundle, with a header that may be nonsense. */
  Path with(Path bundle, String header, String value) throws Exception {
    try (Jar jar = new Jar(bundle.toFile())) {
      Manifest manifest = jar.getManifest();
      manifest.getMainAttributes().putValue(header, value);
      jar.setManifest(manifest);
      Path made = fresh().resolve("" + bundle.getFileName());
      jar.write(made.toFile());
      return made;
    }
  }
}
