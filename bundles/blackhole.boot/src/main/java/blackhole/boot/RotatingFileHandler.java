package blackhole.boot;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/**
 * Appends records to a file and moves it aside when it is full: {@code node.log}, {@code
 * node.log.1} (the newest of the old), up to a number of files. The JDK's {@code FileHandler}
 * cannot keep the plain name for the current file, and leaves lock files behind.
 *
 * <p>Every record is written through at once: the last lines before a crash are always there.
 */
final class RotatingFileHandler extends Handler {
  private final Path file;
  private final long limitBytes;
  private final int files;
  private OutputStream output;
  private long sizeBytes;

  /** The file's directory must exist. */
  RotatingFileHandler(Path file, long limitBytes, int files) throws IOException {
    this.file = file;
    this.limitBytes = limitBytes;
    this.files = files;
    this.output = open();
  }

  private OutputStream open() throws IOException {
    OutputStream opened =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    sizeBytes = Files.size(file);
    return opened;
  }

  @Override
  public synchronized void publish(LogRecord record) {
    if (!isLoggable(record)) {
      return;
    }
    try {
      byte[] line = getFormatter().format(record).getBytes(StandardCharsets.UTF_8);
      if (sizeBytes > 0 && sizeBytes + line.length > limitBytes) {
        rotate();
      }
      output.write(line);
      sizeBytes += line.length;
    } catch (IOException | RuntimeException e) {
      reportError("cannot write " + file, e, ErrorManager.WRITE_FAILURE);
    }
  }

  private void rotate() throws IOException {
    output.close();
    for (int number = files - 1; number > 0; number--) {
      Path from = number == 1 ? file : numbered(number - 1);
      if (Files.exists(from)) {
        Files.move(from, numbered(number), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    output = open();
  }

  private Path numbered(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  @Override
  public void flush() {
    // nothing is buffered
  }

  @Override
  public synchronized void close() {
    try {
      output.close();
    } catch (IOException e) {
      reportError("cannot close " + file, e, ErrorManager.CLOSE_FAILURE);
    }
  }
}
