package blackhole.storage.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A file that is being written, by one thread at a time; closed by any. */
final class TemporaryFile implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(TemporaryFile.class.getName());

  private final Path path;
  private final FileChannel channel;
  private final Consumer<TemporaryFile> onClose;

  TemporaryFile(Path path, FileChannel channel, Consumer<TemporaryFile> onClose) {
    this.path = path;
    this.channel = channel;
    this.onClose = onClose;
  }

  Path path() {
    return path;
  }

  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  void sync() throws IOException {
    channel.force(true);
  }

  /** Deletes it, unless it has got another name. */
  @Override
  public void close() {
    onClose.accept(this);
    try {
      // first: while it is open it is locked, so nobody else does
      Files.deleteIfExists(path);
      channel.close();
    } catch (IOException | UncheckedIOException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot delete {0}: {1}", path, e.toString());
    }
  }
}
