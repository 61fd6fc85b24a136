package blackhole.launcher;

import blackhole.api.host.NodeHome;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the home and the configuration that a command line means. */
final class Homes {
  private Homes() {}

  /**
   * {@code --home}, else {@code $BLACKHOLE_HOME}, else {@code ~/.blackhole}.
   *
   * @param userHome the JVM's idea of it, for when {@code $HOME} is not set
   */
  static NodeHome find(
      @Nullable String option, Map<String, String> environment, @Nullable String userHome) {
    if (option != null) {
      return NodeHome.of(path("--home", option));
    }
    String variable = environment.get("BLACKHOLE_HOME");
    if (variable != null && !variable.isEmpty()) {
      return NodeHome.of(path("$BLACKHOLE_HOME", variable));
    }
    String home = environment.get("HOME");
    if (home == null || !home.startsWith("/")) {
      home = userHome;
    }
    // The JVM says "?" for a user that the system has no entry for, as happens in containers.
    if (home == null || !home.startsWith("/")) {
      throw LauncherException.usage(
          "this user has no home directory to keep the node in",
          "name one with --home DIR or $BLACKHOLE_HOME");
    }
    return NodeHome.of(path("the home directory", home).resolve(".blackhole"));
  }

  /** The file that {@code --config} names, which must be there. */
  static Optional<Path> configuration(@Nullable String option) {
    if (option == null) {
      return Optional.empty();
    }
    Path file = path("--config", option).toAbsolutePath().normalize();
    if (Files.isDirectory(file)) {
      throw LauncherException.usage("--config " + file + " is a directory", "name a YAML file");
    }
    if (!Files.isReadable(file)) {
      throw LauncherException.usage(
          "--config " + file + (Files.exists(file) ? " is not readable" : " does not exist"), "");
    }
    return Optional.of(file);
  }

  static Path path(String source, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw LauncherException.usage(
          source + " is not a path here: " + text,
          "a path beyond ASCII needs a UTF-8 locale, for example LC_ALL=C.UTF-8");
    }
  }
}
