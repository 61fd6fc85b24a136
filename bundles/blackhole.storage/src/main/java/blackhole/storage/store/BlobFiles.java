package blackhole.storage.store;

import blackhole.storage.cid.Cid;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Where blobs' bytes are: {@code blobs/XY/CID}, where XY are the two characters before the CID's
 * last, as the first ones are the same in all and the last has two bits only. Decides nothing; who
 * moves or removes a file holds the index's write lock. Thread-safe.
 */
final class BlobFiles {
  private final Path directory;

  BlobFiles(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  Path path(Cid cid) {
    return folder(cid).resolve(cid.text());
  }

  private Path folder(Cid cid) {
    int last = cid.text().length() - 1;
    return directory.resolve(cid.text().substring(last - 2, last));
  }

  /** Makes the folder that the file will be in. */
  void prepare(Cid cid) throws IOException {
    Path folder = folder(cid);
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      sync(directory);
    }
  }

  /** Gives a whole and synced file its name; that is durable when this returns. */
  void publish(Path file, Cid cid) throws IOException {
    Files.move(file, path(cid), StandardCopyOption.ATOMIC_MOVE);
    sync(folder(cid));
  }

  /** Those who have it open read on. */
  void remove(Cid cid) throws IOException {
    if (Files.deleteIfExists(path(cid))) {
      sync(folder(cid));
    }
  }

  /** The length of the file, or -1 if there is none. */
  long size(Cid cid) throws IOException {
    try {
      return Files.size(path(cid));
    } catch (NoSuchFileException e) {
      return -1;
    }
  }

  /**
   * @throws NoSuchFileException if there is none
   */
  FileChannel open(Cid cid) throws IOException {
    return FileChannel.open(path(cid), StandardOpenOption.READ);
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
