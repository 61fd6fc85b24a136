package blackhole.boot;

import blackhole.api.host.Lifecycle;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleException;
import sun.misc.Signal;

/** Signals in, exit code out. */
final class JvmLifecycle implements Lifecycle {
  private static final Logger LOG = System.getLogger(JvmLifecycle.class.getName());

  /** 128 + SIGTERM, as a shell reports it. */
  static final int TERMINATED = 143;

  /** Whose log the orchestrator writes. */
  static final String NODE = "node";

  private static final long FRAMEWORK_STOP_MILLIS = 10_000;

  private final boolean patient;
  private final Object lock = new Object();

  // guarded by lock
  private @Nullable Runnable handler;
  private boolean waiting;

  private final AtomicReference<@Nullable NodeFramework> framework = new AtomicReference<>();
  private final AtomicBoolean exiting = new AtomicBoolean();
  private final AtomicInteger signals = new AtomicInteger();
  private final LastWords lastWords =
      new LastWords(
          new FileOutputStream(FileDescriptor.err), code -> Runtime.getRuntime().halt(code));

  /**
   * @param patient whether the first signal waits for its handler, if there is none yet: who has
   *     others to end, which outlive it, must not just go
   */
  JvmLifecycle(boolean patient) {
    this.patient = patient;
  }

  /** From now on signals come here instead of ending the JVM. */
  void listen() {
    for (String name : new String[] {"TERM", "INT", "HUP"}) {
      Signal.handle(new Signal(name), this::received);
    }
  }

  /** From now on an {@link OutOfMemoryError} that nobody catches ends the JVM. */
  void endWhenOutOfMemory() {
    Thread.setDefaultUncaughtExceptionHandler(lastWords);
  }

  void manage(NodeFramework made) {
    framework.set(made);
  }

  private void received(Signal signal) {
    int number = signals.incrementAndGet();
    LOG.log(Level.INFO, "received {0}", signal);
    synchronized (lock) {
      if (handler != null) {
        new Thread(handler, "signal-" + number).start();
      } else if (patient && number == 1) {
        waiting = true;
      } else {
        exit(TERMINATED);
      }
    }
  }

  @Override
  public void onTerminate(Runnable newHandler) {
    synchronized (lock) {
      handler = newHandler;
      if (waiting) {
        waiting = false;
        new Thread(newHandler, "signal-1").start();
      }
    }
  }

  @Override
  public void halt(String reason) {
    lastWords.end(reason);
  }

  @Override
  public void traceBy(Supplier<Optional<String>> traceId) {
    Logs.traceBy(traceId);
  }

  @Override
  public void hide(Collection<String> secrets) {
    Logs.hide(secrets);
  }

  @Override
  public void logAsJson() {
    Logs.asJson(NODE);
  }

  @Override
  public void exit(int code) {
    if (exiting.compareAndSet(false, true)) {
      Thread thread = new Thread(() -> stopAndExit(code), "exit");
      // or it would be one, as who calls this is: then the JVM would end with the framework's last
      // thread, and with code 0
      thread.setDaemon(false);
      thread.start();
    }
  }

  private void stopAndExit(int code) {
    NodeFramework managed = framework.get();
    try {
      if (managed != null) {
        managed.stop(FRAMEWORK_STOP_MILLIS);
      }
    } catch (BundleException | IOException e) {
      LOG.log(Level.WARNING, "the framework did not stop cleanly", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      System.exit(code);
    }
  }
}
