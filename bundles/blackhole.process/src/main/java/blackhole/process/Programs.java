package blackhole.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds programs as a shell does. */
final class Programs {
  private Programs() {}

  /** The first executable file of this name in the folders of a search path. */
  static Optional<Path> find(String name, @Nullable String searchPath) {
    for (String folder : searchPath == null ? new String[0] : searchPath.split(":", 0)) {
      Path candidate = Path.of(folder.isEmpty() ? "." : folder).resolve(name);
      if (isProgram(candidate)) {
        return Optional.of(candidate.toAbsolutePath());
      }
    }
    return Optional.empty();
  }

  /**
   * What {@code name} means in a folder: a path when it holds a slash, else a name to be searched.
   *
   * @throws IOException when there is no such program, or it may not be executed, in words
   */
  static Path resolve(String name, Path directory, @Nullable String searchPath) throws IOException {
    if (!name.contains("/")) {
      return find(name, searchPath).orElseThrow(() -> new IOException("no such program: " + name));
    }
    Path program = path(name, directory);
    if (!Files.exists(program)) {
      throw new IOException("no such program: " + program);
    }
    if (!isProgram(program)) {
      throw new IOException("not a program that we may execute: " + program);
    }
    return program;
  }

  private static Path path(String name, Path directory) throws IOException {
    try {
      return directory.resolve(name).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new IOException("no such program: " + name, e);
    }
  }

  private static boolean isProgram(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }
}
