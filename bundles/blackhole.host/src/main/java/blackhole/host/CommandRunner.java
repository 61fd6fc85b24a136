package blackhole.host;

import blackhole.api.shell.LineExecutor;
import blackhole.api.shell.LineResult;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs lines for the orchestrator, each on a thread of its own. Thread-safe. */
final class CommandRunner implements AutoCloseable {
  /** Where the shell comes from; may block until it is there. */
  @FunctionalInterface
  interface Shell {
    LineExecutor get() throws InterruptedException;
  }

  // together below the 4 MiB that a gRPC message may have by default
  static final int MAX_STDOUT_BYTES = 3 << 20;
  static final int MAX_STDERR_BYTES = 256 << 10;
  static final int MAX_LINES_AT_ONCE = 8;

  private static final Logger LOG = System.getLogger(CommandRunner.class.getName());

  private final Shell shell;
  private final Path directory;
  private final ThreadPoolExecutor threads;

  /**
   * @param directory what relative paths in a line resolve against
   */
  CommandRunner(Shell shell, Path directory) {
    this.shell = shell;
    this.directory = directory;
    this.threads =
        new ThreadPoolExecutor(
            0,
            MAX_LINES_AT_ONCE,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            DaemonThreads.named("host-command"));
  }

  /** Returns at once; the answer comes from another thread, or from this one on refusal. */
  void run(String line, Consumer<LineResult> answer) {
    try {
      threads.execute(() -> answer.accept(execute(line)));
    } catch (RejectedExecutionException e) {
      answer.accept(
          failed(
              threads.isShutdown()
                  ? "this host is stopping"
                  : MAX_LINES_AT_ONCE + " lines run in this host already; try again later"));
    }
  }

  private LineResult execute(String line) {
    try {
      LineResult result = shell.get().execute(line, directory);
      return new LineResult(
          result.exitCode(),
          BoundedText.bound(result.stdout(), MAX_STDOUT_BYTES),
          BoundedText.bound(result.stderr(), MAX_STDERR_BYTES));
    } catch (IllegalStateException e) {
      return failed(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed("this host is stopping");
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LOG.log(Level.ERROR, "the line '" + line + "' failed", e);
      return failed(e.toString());
    }
  }

  private static LineResult failed(String reason) {
    return new LineResult(1, "", reason + "\n");
  }

  /** Interrupts the lines that run. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
