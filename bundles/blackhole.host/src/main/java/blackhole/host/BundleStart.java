package blackhole.host;

import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.Bundle;

/** Starts bundles that offer a gRPC service, and waits until they do. Thread-safe; blocks. */
final class BundleStart {
  private final ServiceBundles bundles;

  BundleStart(ServiceBundles bundles) {
    this.bundles = bundles;
  }

  /**
   * @return all that it offers
   * @throws StartException why it does not, in words
   */
  Collection<ServerServiceDefinition> run(Bundle bundle, Duration timeout)
      throws StartException, InterruptedException {
    Coming coming = new Coming();
    // on another thread: an activator may hang
    CompletableFuture<ServiceWatch> watch =
        CompletableFuture.supplyAsync(() -> startAndWatch(bundle, coming), bundles.executor());
    try {
      return coming.definitions.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new StartException(String.valueOf((cause == null ? e : cause).getMessage()), e);
    } catch (TimeoutException e) {
      throw new StartException(
          bundle.getVersion()
              + " was not ready within "
              + timeout.toMillis()
              + " ms"
              + (coming.step.isEmpty() ? "" : " (" + coming.step + ")"),
          e);
    } finally {
      var unused = watch.thenAccept(ServiceWatch::close);
    }
  }

  private ServiceWatch startAndWatch(Bundle bundle, Coming coming) {
    try {
      bundles.start(bundle);
    } catch (StartException | RuntimeException | LinkageError e) {
      coming.failed(String.valueOf(e.getMessage()));
      throw new CompletionException(e);
    }
    return bundles.watch(bundle, coming);
  }

  /** Hears how it comes up. */
  private static final class Coming implements HostedService.Listener {
    final CompletableFuture<Collection<ServerServiceDefinition>> definitions =
        new CompletableFuture<>();
    volatile String step = "";

    @Override
    public void progress(String now) {
      step = now;
    }

    @Override
    public void satisfied(Collection<ServerServiceDefinition> found) {
      definitions.complete(found);
    }

    @Override
    public void failed(String reason) {
      definitions.completeExceptionally(new StartException(reason, null));
    }
  }
}
