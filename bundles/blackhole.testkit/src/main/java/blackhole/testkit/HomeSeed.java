package blackhole.testkit;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the first start in a home makes and every later one finds: the unpacked jars, and the
 * class-data archive of hosts, which takes a JVM longer than most tests. The homes of one module's
 * tests share it, below {@code target}, per launcher: they are like homes in which a node ran
 * before. The first node that lives long enough makes the archive.
 */
final class HomeSeed {
  private final Path lib;
  private final Path cache;

  private HomeSeed(Path folder) {
    this.lib = folder.resolve("lib");
    this.cache = folder.resolve("cache");
  }

  /** The seed of this launcher's homes; none where no build keeps its output. */
  static Optional<HomeSeed> of(Path launcher) throws IOException {
    Path target = Path.of("target").toAbsolutePath();
    if (!Files.isDirectory(target)) {
      return Optional.empty();
    }
    String version =
        Long.toHexString(Files.getLastModifiedTime(launcher).toMillis())
            + "-"
            + Long.toHexString(Files.size(launcher));
    HomeSeed seed = new HomeSeed(target.resolve("node-homes").resolve(version));
    Files.createDirectories(seed.lib);
    Files.createDirectories(seed.cache);
    return Optional.of(seed);
  }

  /** Lays out a home that is not there yet. */
  void plant(Path home) throws IOException {
    Files.createDirectories(home.resolve("cache"));
    Files.createSymbolicLink(home.resolve("lib"), lib);
    try (Stream<Path> archives = Files.list(cache)) {
      for (Path archive : archives.toList()) {
        Files.createSymbolicLink(home.resolve("cache").resolve(archive.getFileName()), archive);
      }
    }
  }

  /** Takes over the archive that a node made, whose home is about to go. */
  void harvest(Path home) throws IOException {
    if (!Files.isDirectory(home.resolve("cache"))) {
      return;
    }
    try (Stream<Path> files = Files.list(home.resolve("cache"))) {
      for (Path file : files.filter(HomeSeed::isNewArchive).toList()) {
        Path kept = cache.resolve(file.getFileName());
        if (!Files.exists(kept)) {
          // beside it first: the home may be on another file system
          Path copy = Files.createTempFile(cache.resolveSibling(""), "archive", ".tmp");
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
          publish(copy, kept);
        }
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

  private static boolean isNewArchive(Path file) {
    return isArchive(file.toString()) && !Files.isSymbolicLink(file);
  }

  /** By its name, which it gets when it is whole. */
  static boolean isArchive(String name) {
    return name.endsWith(".jsa") || name.endsWith(".aot");
  }
}
