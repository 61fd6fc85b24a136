package blackhole.ledger.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the directory for one process. The lock ends with the process, however that ends; the file
 * stays, with the number of the last who had it.
 */
final class DirectoryLock implements AutoCloseable {
  private static final String NAME = "ledger.lock";

  /**
   * What this process has. It never opens such a file a second time: closing it would release the
   * lock, which is the process's and not the channel's.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * @throws IOException naming the process that has it
   */
  static DirectoryLock take(Path directory) throws IOException {
    Path real = directory.toRealPath();
    if (!HELD.add(real)) {
      throw inUse(directory, "this process, " + ProcessHandle.current().pid());
    }
    try {
      return new DirectoryLock(real, lock(directory));
    } catch (IOException | RuntimeException e) {
      HELD.remove(real);
      throw e;
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    Path path = directory.resolve(NAME);
    FileChannel channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      if (channel.tryLock() == null) {
        throw inUse(directory, "process " + holder(path));
      }
      byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(US_ASCII);
      int unused = channel.truncate(0).write(ByteBuffer.wrap(pid), 0);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static IOException inUse(Path directory, String holder) {
    return new IOException("the ledger in " + directory + " is in use by " + holder);
  }

  private static String holder(Path path) throws IOException {
    String pid = Files.readString(path, US_ASCII).strip();
    return pid.isEmpty() ? "that just started" : pid;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    HELD.remove(directory);
  }
}
