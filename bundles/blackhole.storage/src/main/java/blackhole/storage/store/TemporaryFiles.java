package blackhole.storage.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files that are being written. Each is locked while it is, by a lock that ends with the process:
 * so whoever starts can tell what the dead left behind from what the living write. Thread-safe.
 */
final class TemporaryFiles implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(TemporaryFiles.class.getName());

  /**
   * What this process's files begin with. A process never tries the locks of its own files (a
   * second one of this class may be at work in it while the service is updated): closing such a
   * file would release the lock on it. With the start time, because process ids come again.
   */
  private static final String OWN =
      ProcessHandle.current().pid()
          + "-"
          + ProcessHandle.current().info().startInstant().map(Instant::toEpochMilli).orElse(0L)
          + "-";

  private final Path directory;
  private final Set<TemporaryFile> open = ConcurrentHashMap.newKeySet();

  TemporaryFiles(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /** A new file, empty and locked. */
  TemporaryFile create() throws IOException {
    while (true) {
      Path path = directory.resolve(OWN + UUID.randomUUID());
      FileChannel channel =
          FileChannel.open(
              path,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      boolean mine = false;
      try {
        // before it was locked, a sweep may have taken it for a dead one's
        FileLock lock = channel.tryLock();
        mine = lock != null && Files.exists(path);
      } finally {
        if (!mine) {
          channel.close();
          Files.deleteIfExists(path);
        }
      }
      if (mine) {
        TemporaryFile file = new TemporaryFile(path, channel, open::remove);
        open.add(file);
        return file;
      }
    }
  }

  /** Deletes what processes that are dead left behind. */
  void sweep() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (!file.getFileName().toString().startsWith(OWN)) {
          deleteUnlessLocked(file);
        }
      }
    }
  }

  private static void deleteUnlessLocked(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (channel.tryLock() != null) {
        // one that was published after it was opened here has no name in this directory any more
        boolean deleted = Files.deleteIfExists(file);
        LOG.log(
            System.Logger.Level.DEBUG,
            "{0}: {1}",
            file,
            deleted ? "left by a process that died; deleted" : "published meanwhile");
      }
    } catch (NoSuchFileException e) {
      // another one was faster, or it was published
    }
  }

  /** Whether a file can be made at all. */
  void probe() throws IOException {
    create().close();
  }

  /** What is still being written is given up. */
  @Override
  public void close() {
    open.forEach(TemporaryFile::close);
  }
}
