package blackhole.itest;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the sources and what was built of them stand. */
final class Repository {
  private Repository() {}

  static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("mvnw"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  static String version() {
    return System.getProperty("blackhole.version");
  }
}
