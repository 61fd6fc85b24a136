package blackhole.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The launcher under test: {@code -Dblackhole.launcher=FILE}, else the one that this build made.
 */
public final class LauncherJar {
  private LauncherJar() {}

  public static Path find() {
    String given = System.getProperty("blackhole.launcher");
    if (given != null) {
      return Path.of(given).toAbsolutePath();
    }
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null) {
      Path jar = directory.resolve("launcher/target/launcher.jar");
      if (Files.isRegularFile(jar)) {
        return jar;
      }
      directory = directory.getParent();
    }
    throw new IllegalStateException(
        "no launcher/target/launcher.jar above here: build it with ./mvnw -DskipTests package");
  }

  /** The command line of the launcher, on the JVM that runs the test. */
  public static List<String> command(Path jar, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(List.of(arguments));
    return command;
  }
}
