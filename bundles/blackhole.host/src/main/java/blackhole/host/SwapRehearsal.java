package blackhole.host;

import blackhole.api.rpc.HandlerSwitch;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.osgi.framework.Bundle;

/**
 * The start and the stop of a bundle that is of no use, which nobody gets to see: so that what a
 * process does for the first time in an update was done before callers wait for it. Once in a
 * process; used by one thread at a time.
 */
final class SwapRehearsal {
  private static final Logger LOG = System.getLogger(SwapRehearsal.class.getName());
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final ServiceBundles bundles;
  private final HandlerSwitch handlers;
  private final BundleStart starts;
  private boolean done;

  SwapRehearsal(ServiceBundles bundles, HandlerSwitch handlers, BundleStart starts) {
    this.bundles = bundles;
    this.handlers = handlers;
    this.starts = starts;
  }

  /** Blocks until nothing is left of it. That it fails is nobody's loss but of some time. */
  void run() throws InterruptedException {
    if (done) {
      return;
    }
    done = true;
    try {
      Path jar = bundles.dataFile("rehearsal.jar");
      TrialBundle.write(jar);
      try {
        rehearse(bundles.install(jar));
      } finally {
        Files.deleteIfExists(jar);
      }
    } catch (IOException | StartException | RuntimeException | LinkageError e) {
      LOG.log(Level.DEBUG, "the rehearsal of an update failed", e);
    }
  }

  private void rehearse(Bundle trial) throws StartException, InterruptedException {
    handlers.keepBack(trial.getBundleId());
    try {
      var unused = starts.run(trial, TIMEOUT);
      bundles.stop(trial);
    } finally {
      bundles.uninstall(trial);
      handlers.forget(trial.getBundleId());
    }
  }
}
