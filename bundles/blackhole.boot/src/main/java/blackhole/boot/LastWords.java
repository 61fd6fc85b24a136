package blackhole.boot;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * The end of a JVM that cannot go on: it says what it ran out of, and halts. The JVM does so by
 * itself ({@code -XX:+ExitOnOutOfMemoryError}) for its heap and its metaspace, but not for direct
 * buffers, native memory and threads; whose errors come here when nobody has caught them.
 *
 * <p>The words have the form of the JVM's own and go to stderr, which is open already: a process
 * that has run out of file descriptors can open nothing else. Thread-safe.
 */
final class LastWords implements Thread.UncaughtExceptionHandler {
  /** The JVM's own, too. */
  static final int EXIT_CODE = 3;

  private static final Logger LOG = System.getLogger(LastWords.class.getName());
  private static final int CAUSES = 10;

  private final OutputStream output;
  private final IntConsumer halt;

  /**
   * @param halt ends the JVM without another word; does not return
   */
  LastWords(OutputStream output, IntConsumer halt) {
    this.output = output;
    this.halt = halt;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    Optional<Throwable> memory = outOfMemory(thrown);
    try {
      LOG.log(Level.ERROR, "thread " + thread.getName() + " failed", thrown);
    } finally {
      memory.ifPresent(error -> end(error.toString()));
    }
  }

  private static Optional<Throwable> outOfMemory(Throwable thrown) {
    Throwable cause = thrown;
    // a chain of causes may be a circle
    for (int i = 0; i < CAUSES && cause != null; i++) {
      if (cause instanceof OutOfMemoryError) {
        return Optional.of(cause);
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  /**
   * @param reason as an exception would be printed, in one line
   */
  void end(String reason) {
    String line = "Terminating due to " + reason.replace('\n', ' ') + "\n";
    try {
      output.write(line.getBytes(StandardCharsets.UTF_8));
      output.flush();
    } catch (IOException e) {
      LOG.log(Level.ERROR, line, e);
    } finally {
      halt.accept(EXIT_CODE);
    }
  }
}
