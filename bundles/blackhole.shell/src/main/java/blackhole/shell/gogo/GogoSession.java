package blackhole.shell.gogo;

import blackhole.shell.command.Screen;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Job;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.jspecify.annotations.Nullable;

/**
 * A session: variables, a directory, streams, and at most one line at a time. {@link #run} belongs
 * to one thread; {@link #interrupt} and {@link #close} may come from any.
 */
public final class GogoSession implements AutoCloseable {
  static final String COLUMNS = "COLUMNS";
  static final String TERMINAL = ".terminal";
  private static final String EXIT = ".exit";
  private static final int PLAIN_COLUMNS = 80;
  private static final int PLAIN_ROWS = 24;

  private final GogoRuntime runtime;
  private final SteadySession session;
  private final PrintStream out;
  private final PrintStream err;
  private final Object lock = new Object();

  private final IntSupplier columns;

  /** How the last of the line's jobs ended; commands of Gogo's own tell failure only so. */
  private volatile boolean succeeded = true;

  /** The line's own job, of several the last. */
  private volatile @Nullable Job latest;

  // guarded by lock
  private @Nullable Thread running;
  private boolean interrupted;

  /**
   * @param directory what relative paths resolve against
   * @param columns the width of the terminal; 0 for none
   */
  public GogoSession(
      GogoRuntime runtime,
      InputStream in,
      OutputStream out,
      OutputStream err,
      Path directory,
      IntSupplier columns) {
    this.runtime = runtime;
    this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
    this.err = out == err ? this.out : new PrintStream(err, true, StandardCharsets.UTF_8);
    this.columns = columns;
    this.session = runtime.open(in, this.out, this.err);
    if (Files.isDirectory(directory)) {
      session.currentDir(directory.toAbsolutePath().normalize());
    }
    session.put("#" + COLUMNS, (Function) (caller, arguments) -> columns.getAsInt());
    // Gogo's own commands insist on some terminal; on this one they print plainly.
    session.put("#" + TERMINAL, (Function) (caller, arguments) -> plainTerminal());
    session.setJobListener(this::jobChanged);
  }

  private Terminal plainTerminal() throws IOException {
    DumbTerminal terminal = new DumbTerminal(InputStream.nullInputStream(), out);
    int width = columns.getAsInt();
    terminal.setSize(new Size(width > 0 ? width : PLAIN_COLUMNS, PLAIN_ROWS));
    return terminal;
  }

  private void jobChanged(Job job, Job.Status before, Job.Status now) {
    if (before == Job.Status.Created && job.parent() == null) {
      latest = job;
    }
    if (now == Job.Status.Done) {
      FinishedJobs.forget(job);
      // one that was left behind may end during a later line, and says nothing about that
      if (job == latest && job.result() != null) {
        succeeded = job.result().isSuccess();
      }
    }
  }

  /** Lets commands draw. */
  public void terminal(Terminal terminal) {
    session.put("#" + TERMINAL, null);
    session.put(TERMINAL, terminal);
  }

  static boolean canDraw(CommandSession session) {
    return screen(session).isPresent();
  }

  /** Empty when there is no terminal, or one that can't be drawn on. */
  static Optional<Screen> screen(CommandSession session) {
    return session.get(TERMINAL) instanceof Terminal terminal
            && !terminal.getType().startsWith(Terminal.TYPE_DUMB)
        ? Optional.of(new TerminalScreen(terminal))
        : Optional.empty();
  }

  /**
   * Runs one line to its end, and prints what it returns.
   *
   * @return the exit code: 0, or 1 when it failed, and then the reason was printed
   */
  public int run(CharSequence line) {
    begin();
    try {
      Object result = session.execute(line);
      if (result != null) {
        out.println(session.format(result, Converter.INSPECT));
      }
      return succeeded ? 0 : 1;
    } catch (Exception | Error e) {
      if (!isInterrupt(e)) {
        err.println(ErrorText.of(e, runtime.names()));
      }
      return 1;
    } finally {
      leaveBehind();
      session.endLine();
      end();
      out.flush();
      err.flush();
    }
  }

  private void begin() {
    synchronized (lock) {
      running = Thread.currentThread();
      interrupted = false;
    }
    latest = null;
    succeeded = true;
  }

  /** A job that the line did not wait for: it must not keep the next line from the foreground. */
  private void leaveBehind() {
    Job job = session.foregroundJob();
    if (job != null) {
      try {
        job.background();
      } catch (IllegalStateException e) {
        // it has ended this very moment
      }
    }
  }

  private void end() {
    synchronized (lock) {
      running = null;
      // one that came too late for the line must not end what comes next
      Thread.interrupted();
    }
  }

  private boolean isInterrupt(Throwable e) {
    synchronized (lock) {
      return interrupted || e instanceof InterruptedException;
    }
  }

  /**
   * Ends the line that runs, if there is one. A command that does not heed it the first time is
   * left behind the second.
   */
  public void interrupt() {
    Job job = session.foregroundJob();
    synchronized (lock) {
      if (running == null) {
        return;
      }
      if (interrupted) {
        running.interrupt();
      }
      interrupted = true;
    }
    if (job != null) {
      job.interrupt();
    }
  }

  boolean isRunning() {
    synchronized (lock) {
      return running != null;
    }
  }

  /** Whether a line has asked to leave. */
  public boolean isOver() {
    return session.get(EXIT) != null;
  }

  /** Asks to leave; for the command that does. */
  static void leave(CommandSession session) {
    session.put(EXIT, true);
  }

  /** Ends the session and what runs in it. */
  @Override
  public void close() {
    synchronized (lock) {
      interrupted = true;
      if (running != null) {
        running.interrupt();
      }
    }
    session.close();
  }
}
