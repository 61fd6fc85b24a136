package blackhole.itest;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the sources and what was built of them stand. */
public final class Repository {
  private Repository() {}

  public static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("mvnw"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  public static String version() {
    return System.getProperty("blackhole.version");
  }
}
