package blackhole.testkit;

import blackhole.api.host.NodeHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the first start in a home makes and every later one finds: the unpacked jars, and the
 * class-data archive of hosts, which takes a JVM longer than most tests. The homes of one module's
 * tests share it, below {@code target}: they are like homes in which a node ran before. Jars are
 * named by their content and the archive by its jars, so launchers share it too. The first node
 * that lives long enough makes the archive.
 */
final class HomeSeed {
  private final Path lib;
  private final Path cache;

  private HomeSeed(Path folder) {
    this.lib = folder.resolve("lib");
    this.cache = folder.resolve("cache");
  }

  /** The seed of all homes here; none where no build keeps its output. */
  static Optional<HomeSeed> find() throws IOException {
    Path target = Path.of("target").toAbsolutePath();
    if (!Files.isDirectory(target)) {
      return Optional.empty();
    }
    HomeSeed seed = new HomeSeed(target.resolve("node-homes"));
    Files.createDirectories(seed.lib);
    Files.createDirectories(seed.cache);
    return Optional.of(seed);
  }

  /** Lays out a home that is not there yet. */
  void plant(NodeHome home) throws IOException {
    Files.createDirectories(home.cache());
    Files.createSymbolicLink(home.lib(), lib);
    try (Stream<Path> archives = Files.list(cache)) {
      for (Path archive : archives.toList()) {
        Files.createSymbolicLink(home.cache().resolve(archive.getFileName()), archive);
      }
    }
  }

  /** Takes over the archive that a node made, whose home is about to go. */
  void harvest(NodeHome home) throws IOException {
    for (Path file : archives(home)) {
      Path kept = cache.resolve(file.getFileName());
      if (!Files.exists(kept)) {
        // beside it first: the home may be on another file system
        Path copy = Files.createTempFile(cache.resolveSibling(""), "archive", ".tmp");
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        publish(copy, kept);
      }
    }
  }

  private static void publish(Path copy, Path kept) throws IOException {
    try {
      Files.createLink(kept, copy);
    } catch (FileAlreadyExistsException e) {
      // another JVM's node made it meanwhile, and nodes may have it mapped
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  /** Whether a home has its archive, planted or made there. */
  static boolean hasArchive(NodeHome home) {
    try {
      return !archives(home).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> archives(NodeHome home) throws IOException {
    if (!Files.isDirectory(home.cache())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(home.cache())) {
      return files.filter(HomeSeed::isArchive).toList();
    }
  }

  /** By its name, which it gets when it is whole. */
  private static boolean isArchive(Path file) {
    String name = file.toString();
    return name.endsWith(".jsa") || name.endsWith(".aot");
  }
}
