package blackhole.shell.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One log file under one path, read on as it grows, through rotation: the old file to its end, then
 * the new one from its start. Not thread-safe.
 */
final class FollowedFile implements AutoCloseable {
  private static final int LONGEST_LINE_BYTES = 1 << 20;

  private final Path path;
  private final Consumer<String> consumer;
  private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private @Nullable FileChannel file;
  private @Nullable Object key;
  private long position;

  /**
   * @param fromStart false to begin at the end of what is there
   */
  FollowedFile(Path path, boolean fromStart, Consumer<String> consumer) throws IOException {
    this.path = path;
    this.consumer = consumer;
    open();
    if (!fromStart && file != null) {
      position = TailReader.lastLineEnd(file, file.size());
    }
  }

  private void open() throws IOException {
    try {
      // In this order: if it is rotated in between, the next look sees a key that differs.
      key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      file = FileChannel.open(path);
      position = 0;
    } catch (NoSuchFileException e) {
      file = null;
    }
  }

  long position() {
    return position;
  }

  /** Reads all that is new. */
  void poll() throws IOException {
    readOn();
    if (isReplaced()) {
      readOn();
      close();
      open();
      readOn();
    }
  }

  private boolean isReplaced() throws IOException {
    try {
      Object now = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      return file == null || (now != null && !now.equals(key)) || file.size() < position;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private void readOn() throws IOException {
    FileChannel open = file;
    if (open == null) {
      return;
    }
    buffer.clear();
    int count;
    while ((count = open.read(buffer, position)) > 0) {
      position += count;
      buffer.flip();
      while (buffer.hasRemaining()) {
        accept(buffer.get());
      }
      buffer.clear();
    }
  }

  private void accept(byte b) {
    if (b != '\n') {
      line.write(b);
    }
    if (b == '\n' || line.size() >= LONGEST_LINE_BYTES) {
      consumer.accept(line.toString(StandardCharsets.UTF_8));
      line.reset();
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
