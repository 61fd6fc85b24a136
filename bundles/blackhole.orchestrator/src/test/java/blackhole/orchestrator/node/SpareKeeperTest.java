package blackhole.orchestrator.node;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.MachineMemory;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessSample;
import blackhole.api.process.ProcessSampler;
import blackhole.api.process.RunningProcess;
import blackhole.api.supervision.InstanceId;
import blackhole.control.v1.ControlGrpc;
import blackhole.control.v1.Hello;
import blackhole.control.v1.HostMessage;
import blackhole.control.v1.NodeMessage;
import blackhole.control.v1.Ready;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.parser.Configs;
import blackhole.orchestrator.control.ControlListener;
import blackhole.orchestrator.control.ControlService;
import blackhole.orchestrator.control.ControlSessions;
import blackhole.orchestrator.control.HostCredentials;
import blackhole.orchestrator.control.HostSession;
import blackhole.orchestrator.spare.SparePool;
import blackhole.orchestrator.spare.SpareProfile;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets a spare, and what the journal hears of it, over a real control stream. */
class SpareKeeperTest {
  private static final InstanceId ID = new InstanceId("identity", 1);
  private static final List<String> FLAGS = List.of("-Xmx64m");
  private static final NodeConfig CONFIG =
      Configs.valid("services: { identity: { resource_limits: { max_cpu: 0.5 } } }");

  private final TestLimiter kernel = new TestLimiter();
  private final HostLimits limits = new HostLimits(kernel, "h0me", () -> CONFIG);
  private final SpareLimits spareLimits = new SpareLimits(kernel, "h0me", () -> CONFIG, limits);
  private final ControlSessions sessions = new ControlSessions();
  private final HostCredentials credentials = new HostCredentials();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final List<String> journal = new ArrayList<>();
  private final Spares spares = new Spares();
  private final SparePool pool =
      new SparePool(
          1,
          SpareProfile.of(service(), FLAGS),
          spares,
          "spare-",
          () -> Duration.ofMinutes(1),
          Runnable::run,
          new NoTime());
  private final SpareKeeper keeper =
      new SpareKeeper(
          pool,
          spareLimits,
          sessions,
          new NoSampler(),
          new SpareRefill(),
          new AtomicBoolean(),
          (id, words) -> journal.add(id + ": " + words));
  private Server server;
  private ManagedChannel channel;

  private static ServiceConfig service() {
    return CONFIG.services().get("identity");
  }

  @BeforeEach
  void connect() throws IOException {
    String name = UUID.randomUUID().toString();
    server =
        InProcessServerBuilder.forName(name)
            .addService(
                new ControlService(
                    "node-a", credentials, sessions, new Deaf(), Optional.empty(), timer))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).build();
  }

  @AfterEach
  void close() throws InterruptedException {
    channel.shutdownNow();
    server.shutdownNow();
    assertThat(server.awaitTermination(30, SECONDS)).isTrue();
    timer.shutdownNow();
  }

  /** A spare that has called, and waits. */
  private String warm() {
    String hostId = begin();
    call(hostId);
    keeper.ready(hostId);
    return hostId;
  }

  private String begin() {
    pool.begin(() -> spares.started.isEmpty());
    return spares.started.get(0);
  }

  private void call(String hostId) {
    CompletableFuture<Void> welcomed = new CompletableFuture<>();
    StreamObserver<HostMessage> out = ControlGrpc.newStub(channel).attach(new Host(welcomed));
    out.onNext(
        HostMessage.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .setProtocolVersion(1)
                    .addFeatures("spare")
                    .setHostId(hostId)
                    .setToken(credentials.issue(hostId)))
            .build());
    welcomed.orTimeout(30, SECONDS).join();
  }

  private Optional<SpareKeeper.Seized> take(List<String> flags) {
    return keeper.take(ID, service(), flags);
  }

  @Test
  void whoFitsGetsIt() {
    String hostId = warm();
    assertThat(take(FLAGS)).map(SpareKeeper.Seized::hostId).contains(hostId);
    assertThat(journal).containsExactly("identity-1: takes a warm spare (pid 1)");
    assertThat(kernel.newest().cpuCores()).as("it is not READY yet").isEmpty();
    assertThat(spares.ended).isEmpty();
  }

  @Test
  void aLimitThatCannotFollowIsAColdStartAndTheEndOfTheSpare() {
    String hostId = warm();
    kernel.memoryIsBusy = true;
    assertThat(take(FLAGS)).isEmpty();
    assertThat(journal)
        .containsExactly(
            "identity-1: starts cold, as max_memory cannot follow: it uses more than that");
    assertThat(spares.ended).containsExactly(hostId);
    assertThat(keeper.hits().taken()).isZero();
  }

  @Test
  void otherFlagsAreAColdStartAndTheSpareStays() {
    String hostId = warm();
    assertThat(take(List.of("-Xmx128m"))).isEmpty();
    assertThat(journal)
        .containsExactly("identity-1: starts cold, as spares have other JVM flags: -Xmx64m");
    assertThat(spares.ended).isEmpty();
    assertThat(take(FLAGS)).map(SpareKeeper.Seized::hostId).contains(hostId);
  }

  @Test
  void oneThatIsNotConnectedIsOfNoUse() {
    String hostId = begin();
    keeper.ready(hostId);
    assertThat(take(FLAGS)).isEmpty();
    assertThat(journal).containsExactly("identity-1: starts cold, as its spare is not connected");
    assertThat(spares.ended).containsExactly(hostId);
  }

  /** Hosts that exist in name only. */
  private final class Spares implements SparePool.Hosts {
    final List<String> started = new ArrayList<>();
    final List<String> ended = new ArrayList<>();

    @Override
    public RunningProcess start(String hostId) {
      started.add(hostId);
      spareLimits.create(service(), hostId);
      return new SpareProcess(new ProcessIdentity(1, 1), new CompletableFuture<>());
    }

    @Override
    public void warmed(String hostId) {
      spareLimits.warmed(hostId);
    }

    @Override
    public void ended(String hostId, String how) {
      ended.add(hostId);
      spareLimits.ended(hostId);
    }
  }

  private record SpareProcess(ProcessIdentity identity, CompletableFuture<Integer> exit)
      implements RunningProcess {
    @Override
    public CompletionStage<Integer> onExit() {
      return exit;
    }

    @Override
    public void terminate() {
      throw new AssertionError("a spare has nothing to drain");
    }

    @Override
    public void kill() {
      exit.complete(137);
    }
  }

  /** In which nothing is ever due. */
  private static final class NoTime implements SparePool.Time {
    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public void later(Duration delay, Runnable task) {}
  }

  private static final class NoSampler implements ProcessSampler {
    @Override
    public Optional<ProcessSample> sample(ProcessIdentity process) {
      return Optional.empty();
    }

    @Override
    public OptionalLong pssBytes(ProcessIdentity process) {
      return OptionalLong.empty();
    }

    @Override
    public Optional<MachineMemory> machineMemory() {
      return Optional.empty();
    }
  }

  private record Host(CompletableFuture<Void> welcomed) implements StreamObserver<NodeMessage> {
    @Override
    public void onNext(NodeMessage message) {
      welcomed.complete(null);
    }

    @Override
    public void onError(Throwable problem) {}

    @Override
    public void onCompleted() {}
  }

  private static final class Deaf implements ControlListener {
    @Override
    public void helloed(HostSession session, Hello hello) {}

    @Override
    public void progress(HostSession session, String step) {}

    @Override
    public void ready(HostSession session, Ready ready) {}

    @Override
    public void startFailed(HostSession session, String reason) {}

    @Override
    public void draining(HostSession session, String reason) {}

    @Override
    public void lost(HostSession session, String cause) {}
  }
}
