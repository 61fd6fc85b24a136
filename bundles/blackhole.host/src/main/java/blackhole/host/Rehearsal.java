package blackhole.host;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import blackhole.api.host.Assignment;
import blackhole.api.rpc.Channels;
import blackhole.api.rpc.SocketChannels;
import blackhole.control.v1.Hello;
import blackhole.control.v1.HostMessage;
import blackhole.control.v1.NodeMessage;
import blackhole.control.v1.Ready;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/**
 * A run whose only use is that the JVM meets the classes which every start needs, and writes them
 * to a class-data archive when it exits. The host starts a service as ever, announces it to this
 * instead of to an orchestrator, and is called over its own socket, then once more as services call
 * each other: by name, with a registry that lists itself. Thread-safe.
 */
final class Rehearsal implements Announcer {
  private static final Logger LOG = System.getLogger(Rehearsal.class.getName());
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final Assignment assignment;
  private final SocketChannels channels;
  private final RegistryCopy registry;
  private final ClientPath clientPath;
  private final Executor executor;
  private final IntConsumer end;

  /** Where channels by name come from, which stands on what the host registers. */
  interface ClientPath {
    Channels await(Duration timeout) throws InterruptedException, TimeoutException;
  }

  /**
   * @param end ends the host with an exit code: zero if all was met
   */
  Rehearsal(
      Assignment assignment,
      SocketChannels channels,
      RegistryCopy registry,
      ClientPath clientPath,
      Executor executor,
      IntConsumer end) {
    this.assignment = assignment;
    this.channels = channels;
    this.registry = registry;
    this.clientPath = clientPath;
    this.executor = executor;
    this.end = end;
  }

  @Override
  public void start() {}

  @Override
  public void progress(String step) {}

  @Override
  public void ready(Ready ready) {
    executor.execute(
        () -> {
          int exitCode = 1;
          try {
            rehearse();
            exitCode = 0;
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.log(Level.ERROR, "the rehearsal was interrupted");
          } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.log(Level.ERROR, "the rehearsal failed", e);
          } finally {
            end.accept(exitCode);
          }
        });
  }

  /** The host says so in its log, and ends by itself. */
  @Override
  public void startFailed(String reason) {}

  @Override
  public void draining(String reason) {}

  @Override
  public void finish(Duration timeout) {}

  @Override
  public void close() {}

  private void rehearse() throws InterruptedException, ExecutionException, TimeoutException {
    ManagedChannel channel = channels.open(assignment.link());
    try {
      SelfCalls.make(channel, TIMEOUT);
      callByName();
      askForOrchestrator();
    } finally {
      channel.shutdownNow();
    }
  }

  /** As the orchestrator's first update has it, and a service's first call to another. */
  private void callByName() throws InterruptedException, ExecutionException, TimeoutException {
    registry
        .apply(OwnListing.of(assignment, TIMEOUT))
        .toCompletableFuture()
        .get(TIMEOUT.toNanos(), NANOSECONDS);
    SelfCalls.Answer<HealthCheckResponse> answer = new SelfCalls.Answer<>();
    HealthGrpc.newStub(clientPath.await(TIMEOUT).to(assignment.service()))
        .check(HealthCheckRequest.getDefaultInstance(), answer);
    answer.await(TIMEOUT);
  }

  /** Nobody serves the control stream here; the attempt alone brings its classes in. */
  private void askForOrchestrator()
      throws InterruptedException, ExecutionException, TimeoutException {
    Attempt attempt = new Attempt();
    new ControlStream(channels.open(assignment.link()), attempt)
        .send(
            HostMessage.newBuilder()
                .setHello(Hello.newBuilder().setHostId(assignment.hostId()))
                .build());
    attempt.ended.get(TIMEOUT.toNanos(), NANOSECONDS);
  }

  private static final class Attempt implements ControlStream.Listener {
    final CompletableFuture<Status> ended = new CompletableFuture<>();

    @Override
    public void received(ControlStream stream, NodeMessage message) {}

    @Override
    public void ended(ControlStream stream, Status status) {
      stream.close();
      ended.complete(status);
    }
  }
}
