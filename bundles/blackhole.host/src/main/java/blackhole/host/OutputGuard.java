package blackhole.host;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the file that this process's stdout and stderr are appended to, whoever writes there: the
 * service, a native library, the JVM's last words. When it passes its limit, it is cut in place to
 * its newest part: the writers have it open for appending, so they go on at the new end.
 *
 * <p>A writer that is faster than the checks can pass the limit for a moment. What it writes in the
 * instant of the cut is lost.
 */
final class OutputGuard {
  static final long MAX_BYTES = 10L << 20;

  private static final Logger LOG = System.getLogger(OutputGuard.class.getName());
  private static final Duration CALM = Duration.ofMillis(500);

  /** After a cut: who floods once floods on. */
  private static final Duration ALERT = Duration.ofMillis(20);

  private static final byte[] NOTE =
      "… earlier output was cut here\n".getBytes(StandardCharsets.UTF_8);

  private final Path file;
  private final long maxBytes;
  private final long keepBytes;

  OutputGuard(Path file, long maxBytes) {
    this.file = file;
    this.maxBytes = maxBytes;
    this.keepBytes = maxBytes / 4;
  }

  /** Checks from now on, until the timer is shut down; the file is read on the executor. */
  void start(ScheduledExecutorService timer, Executor executor) {
    schedule(timer, executor, CALM);
  }

  private void schedule(ScheduledExecutorService timer, Executor executor, Duration delay) {
    try {
      Future<?> unused =
          timer.schedule(
              () -> executor.execute(() -> check(timer, executor)),
              delay.toNanos(),
              TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "the output is guarded no more: the host stops");
    }
  }

  private void check(ScheduledExecutorService timer, Executor executor) {
    Duration next = CALM;
    try {
      if (bound()) {
        next = ALERT;
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "cannot bound " + file, e);
    }
    schedule(timer, executor, next);
  }

  /**
   * Cuts the file if it is too long.
   *
   * @return whether it was
   */
  boolean bound() throws IOException {
    // what is not a file (a terminal, a pipe) has no length to bound
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) <= maxBytes) {
      return false;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      cut(channel);
    }
    return true;
  }

  /** Moves the tail to the front, in pieces, so that it costs no memory; then truncates. */
  private void cut(FileChannel channel) throws IOException {
    long from = channel.size() - keepBytes;
    long to = write(channel, ByteBuffer.wrap(NOTE), 0);
    ByteBuffer piece = ByteBuffer.allocate(64 << 10);
    // what is appended meanwhile is moved too, but a writer that is faster than this is not chased
    long end = 2 * keepBytes;
    while (to < end) {
      int read = channel.read(piece.clear(), from);
      if (read <= 0) {
        break;
      }
      to = write(channel, piece.flip(), to);
      from += read;
    }
    channel.truncate(to);
  }

  private static long write(FileChannel channel, ByteBuffer bytes, long position)
      throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
    return at;
  }
}
