package blackhole.host;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import blackhole.api.host.Assignment;
import blackhole.api.host.Lifecycle;
import blackhole.api.host.Vacancy;
import blackhole.api.rpc.Endpoint;
import blackhole.api.rpc.SocketChannels;
import blackhole.control.v1.Ready;
import io.grpc.ManagedChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * The life of a host on trial, from its assignment to READY and a call, with a service that is of
 * no use: so that a spare has done before what it would else do for the first time when it is
 * needed. All of it is gone again after it.
 */
final class WarmUp implements Announcer {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int MESSAGE_BYTES = 4 << 20;

  private final BundleContext context;
  private final Vacancy vacancy;
  private final Lifecycle lifecycle;
  private final Endpoint endpoint;
  private final SocketChannels channels;
  private final ConfigurationAdmin configurations;
  private final Path socket;
  private final Path link;
  private final CompletableFuture<Ready> ready = new CompletableFuture<>();

  WarmUp(
      BundleContext context,
      Vacancy vacancy,
      Lifecycle lifecycle,
      Endpoint endpoint,
      SocketChannels channels,
      ConfigurationAdmin configurations) {
    this.context = context;
    this.vacancy = vacancy;
    this.lifecycle = lifecycle;
    this.endpoint = endpoint;
    this.channels = channels;
    this.configurations = configurations;
    this.socket = vacancy.home().socket(vacancy.hostId() + ".sock");
    this.link = vacancy.home().socket(vacancy.hostId() + ".trial");
  }

  void run() throws IOException, InterruptedException, ExecutionException, TimeoutException {
    @Nullable File file = context.getDataFile("trial.jar");
    if (file == null) {
      throw new IOException("this framework keeps no files");
    }
    Path jar = file.toPath();
    TrialBundle.write(jar);
    ServiceRegistration<?> listener = context.registerService(Announcer.class, this, null);
    ServiceRegistration<?> assigned =
        context.registerService(Assignment.class, assignment(jar), null);
    try {
      Ready unused = ready.get(TIMEOUT.toNanos(), NANOSECONDS);
      call();
    } finally {
      assigned.unregister();
      listener.unregister();
      int unused = endpoint.drain(Duration.ZERO);
      removeTraces();
      Files.deleteIfExists(jar);
    }
  }

  private void call()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    ManagedChannel channel = channels.open(link);
    try {
      SelfCalls.make(channel, TIMEOUT);
    } finally {
      channel.shutdownNow();
    }
  }

  private void removeTraces() throws IOException {
    // it was the trial's that ended it in order
    lifecycle.onTerminate(() -> lifecycle.exit(HostAgent.EXIT_TERMINATED));
    Files.deleteIfExists(link);
    Files.deleteIfExists(socket);
    try {
      for (Bundle bundle : context.getBundles()) {
        if (TrialBundle.SYMBOLIC_NAME.equals(bundle.getSymbolicName())) {
          bundle.uninstall();
        }
      }
    } catch (BundleException e) {
      throw new IOException("the trial service stays: " + e.getMessage(), e);
    }
    configurations.getConfiguration(TrialBundle.SYMBOLIC_NAME, "?").delete();
  }

  private Assignment assignment(Path jar) {
    return new Assignment(
        vacancy.hostId(),
        vacancy.home().root(),
        "",
        "trial",
        1,
        socket,
        link,
        OptionalInt.empty(),
        List.of(jar),
        TrialBundle.SYMBOLIC_NAME,
        Map.of("greetings", 2L),
        Optional.empty(),
        Optional.empty(),
        vacancy.home().hostLog(vacancy.hostId()),
        Optional.empty(),
        Optional.empty(),
        MESSAGE_BYTES,
        OptionalInt.empty(),
        Duration.ZERO,
        vacancy.orphanTimeout());
  }

  @Override
  public void start() {}

  @Override
  public void progress(String step) {}

  @Override
  public void ready(Ready said) {
    ready.complete(said);
  }

  @Override
  public void startFailed(String reason) {
    ready.completeExceptionally(new IOException("the trial failed: " + reason));
  }

  @Override
  public void draining(String reason) {}

  @Override
  public void finish(Duration timeout) {}

  @Override
  public void close() {}
}
