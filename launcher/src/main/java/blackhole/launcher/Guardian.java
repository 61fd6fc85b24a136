package blackhole.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one process running: forwards what asks it to end, passes on the exit codes that it means,
 * and starts it again when it dies of anything else.
 *
 * <p>{@link #run} belongs to the main thread, which must live as long as the process: the kernel
 * kills it when the thread that started it ends. {@link #stop} may come from any thread.
 *
 * <p>As PID 1 of a container we inherit the orphans of the whole node, but Java can't wait for a
 * process that it did not start: those stay zombies until the container ends, unless an init
 * program takes the place of PID 1, which {@link #run} then asks for.
 */
final class Guardian {
  /** The highest exit code that the child means: 0 done, 1 failed, 2 wrong configuration. */
  private static final int LAST_DELIBERATE_CODE = 2;

  private static final int KILLED_BY_SIGTERM = 128 + 15;

  /** Makes what is started; asked again for every restart. */
  interface Source {
    GuardedProcess next() throws IOException, InterruptedException;
  }

  private final Source source;
  private final PrintStream err;
  private final RestartBudget budget = new RestartBudget();
  private final Object lock = new Object();

  // guarded by lock
  private boolean stopping;
  private @Nullable Process child;
  private boolean childHasOwnSession = true;

  Guardian(Source source, PrintStream err) {
    this.source = source;
    this.err = err;
  }

  Guardian(GuardedProcess process, PrintStream err) {
    this(() -> process, err);
  }

  /** Lets INT, TERM and HUP end the child in order; a second one forces it. */
  void listen(boolean onTerminal) {
    Signals.on("TERM", this::stop);
    Signals.on("INT", () -> interrupt(onTerminal));
    if (!Signals.hangupIsIgnored()) {
      Signals.on("HUP", this::stop);
    }
    if (ProcessHandle.current().pid() == 1) {
      err.println(
          "blackhole: running as PID 1: start the container with an init (docker run --init), or"
              + " ended processes of the services stay as zombies");
    }
  }

  /** Asks the child to end. It takes the second time as: at once. */
  void stop() {
    synchronized (lock) {
      stopping = true;
      lock.notifyAll();
      if (child != null) {
        child.destroy();
      }
    }
  }

  /** A Ctrl-C that the terminal has given to the child too must not count twice there. */
  private void interrupt(boolean onTerminal) {
    synchronized (lock) {
      if (childHasOwnSession || !onTerminal) {
        stop();
      } else {
        stopping = true;
        lock.notifyAll();
      }
    }
  }

  boolean isStopping() {
    synchronized (lock) {
      return stopping;
    }
  }

  /** Runs until the child ends deliberately, or dies too often; returns our exit code. */
  int run() throws IOException, InterruptedException {
    while (true) {
      int code = startAndWait();
      if (code <= LAST_DELIBERATE_CODE) {
        return code;
      }
      if (isStopping()) {
        return endedWhileStopping(code);
      }
      OptionalLong delayMillis = budget.died(System.nanoTime());
      if (delayMillis.isEmpty()) {
        err.println(
            "blackhole: the orchestrator "
                + ExitWords.of(code)
                + ", too often within a minute: giving up; its last words are in the log");
        return ExitCodes.FAILED;
      }
      err.println(
          "blackhole: the orchestrator "
              + ExitWords.of(code)
              + "; starting it again"
              + (delayMillis.getAsLong() == 0
                  ? ""
                  : " in " + delayMillis.getAsLong() / 1000 + " s"));
      if (!pause(delayMillis.getAsLong())) {
        return ExitCodes.DONE;
      }
    }
  }

  /** Runs the child once, to its own exit code or a plain failure. */
  int runOnce() throws IOException, InterruptedException {
    listen(Tty.isInteractive());
    int code = startAndWait();
    if (code <= LAST_DELIBERATE_CODE) {
      return code;
    }
    if (isStopping()) {
      return endedWhileStopping(code);
    }
    err.println("blackhole: it " + ExitWords.of(code));
    return ExitCodes.FAILED;
  }

  private int endedWhileStopping(int code) {
    if (code == KILLED_BY_SIGTERM) {
      // It had not got as far as to listen for signals, so it had started nothing.
      return ExitCodes.DONE;
    }
    err.println("blackhole: it " + ExitWords.of(code) + " while it was stopping");
    return ExitCodes.FAILED;
  }

  /** A process that can't even be started counts as one that died. */
  private int startAndWait() throws IOException, InterruptedException {
    Process started;
    try {
      started = start();
    } catch (IOException e) {
      err.println("blackhole: cannot start: " + Reasons.of(e));
      return ExitWords.NOT_STARTED;
    }
    if (started == null) {
      return ExitCodes.DONE;
    }
    try {
      return started.waitFor();
    } finally {
      synchronized (lock) {
        child = null;
      }
    }
  }

  /** Null when a stop came first. */
  private @Nullable Process start() throws IOException, InterruptedException {
    GuardedProcess next = source.next();
    synchronized (lock) {
      if (stopping) {
        return null;
      }
      childHasOwnSession = next.hasOwnSession();
      child = next.start();
      return child;
    }
  }

  /** False when a stop came meanwhile. */
  private boolean pause(long millis) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    synchronized (lock) {
      while (!stopping) {
        long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        if (left <= 0) {
          return true;
        }
        lock.wait(left);
      }
      return false;
    }
  }
}
