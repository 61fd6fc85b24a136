package blackhole.identity.key;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A directory of secret files (0700, files 0600) that several processes share without locks: a file
 * appears whole or not at all, and of several that publish the same name one wins. What is written
 * is synced before it can be seen. Thread-safe.
 */
public final class KeyDirectory {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final String TEMPORARY = ".tmp-";

  /** A temporary file this old was left by a process that was killed. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path directory;

  private KeyDirectory(Path directory) {
    this.directory = directory;
  }

  /** Opens the directory and makes it if it is not there. */
  public static KeyDirectory open(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      try {
        Files.createDirectory(directory, OWNER_ONLY_DIRECTORY);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(directory)) {
          throw e;
        }
      }
    }
    KeyDirectory opened = new KeyDirectory(directory);
    opened.removeAbandoned();
    return opened;
  }

  /**
   * Writes a file that must not be there yet.
   *
   * @return false when it is there already, which leaves it as it is
   */
  boolean publish(String name, String content) throws IOException {
    Path temporary = write(content);
    try {
      // a link, unlike a rename, fails when the name is taken
      Files.createLink(directory.resolve(name), temporary);
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException e) {
      throw new IOException("the file system of " + directory + " has no hard links", e);
    } finally {
      Files.deleteIfExists(temporary);
    }
    sync();
    return true;
  }

  /** Writes a file over one that is there. */
  void replace(String name, String content) throws IOException {
    Path temporary = write(content);
    try {
      Files.move(
          temporary,
          directory.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("the file system of " + directory + " cannot replace files", e);
    } finally {
      Files.deleteIfExists(temporary);
    }
    sync();
  }

  String read(String name) throws IOException {
    return Files.readString(directory.resolve(name), StandardCharsets.UTF_8);
  }

  boolean exists(String name) {
    return Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
  }

  void delete(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
  }

  /** The names that match a glob, in their natural order. */
  List<String> list(String glob) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    }
    names.sort(null);
    return names;
  }

  /** When a file last came, went or was replaced, as finely as the file system tells. */
  FileTime lastModified() throws IOException {
    return Files.getLastModifiedTime(directory);
  }

  /** For messages. */
  Path path(String name) {
    return directory.resolve(name);
  }

  private Path write(String content) throws IOException {
    Path temporary = Files.createFile(directory.resolve(TEMPORARY + UUID.randomUUID()), OWNER_ONLY);
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      var bytes = StandardCharsets.UTF_8.encode(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    return temporary;
  }

  private void sync() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private void removeAbandoned() throws IOException {
    Instant limit = Instant.now().minus(ABANDONED);
    for (String name : list(TEMPORARY + "*")) {
      Path file = directory.resolve(name);
      try {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Files.deleteIfExists(file);
        }
      } catch (NoSuchFileException e) {
        continue; // the process that wrote it has just published it
      }
    }
  }
}
