package blackhole.sqlite.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to publish: one process has it at a time, by a lock on a file, which ends with
 * the process. Used by one thread, closed by any.
 *
 * <p>It spares work and keeps nothing safe: while a service is updated there are two of these in
 * one process, and when one closes the file, the other's lock is gone, too. See {@link
 * OutboxPublisher} for why that does no harm.
 */
final class Turn implements AutoCloseable {
  private final FileChannel channel;

  Turn(Path file) throws IOException {
    channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** Null while it is another's. */
  @Nullable FileLock take() throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another version of the service, in this process
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
