package blackhole.host;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The last steps of a host, in order: one that fails or hangs does not keep the next from being
 * taken, and the exit comes whatever happens.
 *
 * @param opened open when the endpoint is bound or could not be
 * @param drainTimeout for the calls in flight, and again for the service's own stop
 */
record Ending(
    CountDownLatch opened,
    EndpointDrain endpoint,
    HostedService service,
    Runnable removePaths,
    Announcer announcer,
    Executor executor,
    Duration drainTimeout,
    Runnable exit)
    implements Runnable {
  /** Refuses new calls and waits for those in flight. */
  @FunctionalInterface
  interface EndpointDrain {
    void drain(Duration timeout) throws InterruptedException;
  }

  private static final Logger LOG = System.getLogger(Ending.class.getName());
  private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration FAREWELL_TIMEOUT = Duration.ofSeconds(2);

  /** A service gets this long to close its stores, even where no call needs to be drained. */
  private static final Duration MIN_STOP_TIMEOUT = Duration.ofSeconds(5);

  @FunctionalInterface
  private interface Step {
    void take() throws InterruptedException;
  }

  @Override
  public void run() {
    try {
      take("drain the endpoint", this::drainEndpoint);
      take("stop the service", this::stopService);
      take("remove the socket", removePaths::run);
      take("say farewell", () -> announcer.finish(FAREWELL_TIMEOUT));
    } finally {
      exit.run();
    }
  }

  private static void take(String what, Step step) {
    try {
      step.take();
    } catch (InterruptedException e) {
      // nobody interrupts this thread but a shutdown that is under way: hurry through the rest
      LOG.log(Level.WARNING, "interrupted: {0}", what);
      Thread.currentThread().interrupt();
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.WARNING, "could not " + what, e);
    }
  }

  private void drainEndpoint() throws InterruptedException {
    if (!opened.await(OPEN_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.log(Level.WARNING, "the endpoint is still opening; left as it is");
      return;
    }
    endpoint.drain(drainTimeout);
  }

  private void stopService() throws InterruptedException {
    Duration timeout =
        drainTimeout.compareTo(MIN_STOP_TIMEOUT) > 0 ? drainTimeout : MIN_STOP_TIMEOUT;
    try {
      // on another thread, because a service that hangs in its stop cannot be interrupted
      CompletableFuture.runAsync(service::stop, executor)
          .get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      LOG.log(
          Level.WARNING, "the service did not stop in {0} s; left as it is", timeout.toSeconds());
    } catch (ExecutionException e) {
      LOG.log(Level.WARNING, "the service did not stop cleanly", e.getCause());
    }
  }
}
