package blackhole.host;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import blackhole.api.host.Assignment;
import blackhole.api.host.AssignmentFile;
import blackhole.api.host.Lifecycle;
import blackhole.api.host.Vacancy;
import blackhole.api.registry.DirectoryCopy;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.rpc.Endpoint;
import blackhole.api.rpc.SocketChannels;
import blackhole.control.v1.HostMessage;
import blackhole.control.v1.NodeMessage;
import blackhole.control.v1.Progress;
import blackhole.control.v1.Ready;
import blackhole.control.v1.RegistryAck;
import blackhole.control.v1.RegistryUpdate;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import blackhole.host.trial.TrialService;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
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
    Path jar = dataFile("trial.jar");
    TrialBundle.write(jar);
    Assignment trial = written(assignment(jar));
    hear(trial);
    ServiceRegistration<?> listener = context.registerService(Announcer.class, this, null);
    ServiceRegistration<?> assigned = context.registerService(Assignment.class, trial, null);
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
    // else what it leaves fills the young generation, which is collected when a service comes
    System.gc();
  }

  /** As it comes to a host: from a file. */
  private Assignment written(Assignment trial) throws IOException {
    Path file = dataFile("trial.assignment");
    try {
      AssignmentFile.write(file, trial);
      return AssignmentFile.read(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Path dataFile(String name) throws IOException {
    @Nullable File file = context.getDataFile(name);
    if (file == null) {
      throw new IOException("this framework keeps no files");
    }
    return file.toPath();
  }

  /** What an orchestrator tells a host while that starts its service, in a registry of no use. */
  private void hear(Assignment trial)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    RegistryUpdate listing = OwnListing.of(trial, TIMEOUT);
    DirectoryCopy directory = new DirectoryCopy((delay, task) -> () -> {});
    ServiceDirectory.Watch unused =
        directory.watch(trial.service(), record -> CompletableFuture.completedFuture(null));
    RegistryCopy copy = new RegistryCopy(directory, KnownCallers.untold());
    // all of it first, then what has changed, as it is when this host gets ready
    for (RegistryUpdate update :
        List.of(listing, listing.toBuilder().setComplete(false).setRevision(2).build())) {
      NodeMessage message = NodeMessage.newBuilder().setRegistryUpdate(update).build();
      copy.apply(NodeMessage.parseFrom(message.toByteArray()).getRegistryUpdate())
          .toCompletableFuture()
          .get(TIMEOUT.toNanos(), NANOSECONDS);
    }
    for (HostMessage answer : answers(listing.getRevision())) {
      HostMessage unusedToo = HostMessage.parseFrom(answer.toByteArray());
    }
  }

  private static List<HostMessage> answers(long revision) {
    return List.of(
        HostMessage.newBuilder().setProgress(Progress.newBuilder().setStep("trial")).build(),
        HostMessage.newBuilder()
            .setRegistryAck(RegistryAck.newBuilder().setRevision(revision))
            .build(),
        HostMessage.newBuilder().setReady(Ready.getDefaultInstance()).build());
  }

  private void call()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    ManagedChannel channel = channels.open(link);
    try {
      SelfCalls.make(channel, TIMEOUT);
      SelfCalls.Answer<HealthResponse> greeting = new SelfCalls.Answer<>();
      ClientCalls.asyncUnaryCall(
          channel.newCall(TrialService.greet(), CallOptions.DEFAULT),
          HealthRequest.getDefaultInstance(),
          greeting);
      // goes through all that a call of a service does, which those of the platform do not
      greeting.await(TIMEOUT);
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
        // so that all is made for it that a start makes; nobody connects to it
        Optional.of(vacancy.home().controlSocket()),
        vacancy.home().hostLog(vacancy.hostId()),
        Optional.of(vacancy.home().hostOutput(vacancy.hostId())),
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
