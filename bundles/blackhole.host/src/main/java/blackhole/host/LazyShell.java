package blackhole.host;

import blackhole.api.shell.LineExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The shell of this host, which sleeps until its first line: its bundles are installed, but a host
 * starts without them. Thread-safe.
 */
final class LazyShell implements AutoCloseable {
  private static final Logger LOG = System.getLogger(LazyShell.class.getName());

  /**
   * Started in this order. Not among them: gogo.jline, whose classes the shell uses, but whose
   * activator would open a shell on this process's terminal.
   */
  private static final List<String> BUNDLES =
      List.of("org.apache.felix.gogo.runtime", "org.apache.felix.gogo.command", "blackhole.shell");

  private final BundleContext context;
  private final Duration timeout;
  private final ServiceTracker<LineExecutor, LineExecutor> executors;

  /**
   * @param timeout how long the shell may take to appear once its bundles are started
   */
  LazyShell(BundleContext context, Duration timeout) {
    this.context = context;
    this.timeout = timeout;
    this.executors = new ServiceTracker<>(context, LineExecutor.class, null);
    executors.open();
  }

  /**
   * The shell, awake.
   *
   * @throws IllegalStateException when it cannot be had; the message says why
   */
  LineExecutor get() throws InterruptedException {
    @Nullable LineExecutor present = executors.getService();
    if (present != null) {
      return present;
    }
    wake();
    @Nullable LineExecutor woken = executors.waitForService(Math.max(1, timeout.toMillis()));
    if (woken == null) {
      throw new IllegalStateException(
          "the shell of this host did not appear within "
              + timeout.toSeconds()
              + " s; see its log");
    }
    return woken;
  }

  /** Serial, so that two first lines do not start the bundles twice over each other. */
  private synchronized void wake() {
    for (String name : BUNDLES) {
      for (Bundle bundle : context.getBundles()) {
        if (Objects.equals(bundle.getSymbolicName(), name)) {
          start(bundle);
        }
      }
    }
  }

  private static void start(Bundle bundle) {
    if (bundle.getState() == Bundle.ACTIVE) {
      return;
    }
    try {
      bundle.start(Bundle.START_TRANSIENT);
    } catch (BundleException e) {
      // one of them may be dispensable; whether the shell appears is what counts
      LOG.log(Level.WARNING, "cannot start " + bundle.getSymbolicName(), e);
    }
  }

  @Override
  public void close() {
    executors.close();
  }
}
