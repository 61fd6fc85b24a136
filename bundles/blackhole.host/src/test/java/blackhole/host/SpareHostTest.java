package blackhole.host;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.NodeHome;
import blackhole.api.host.Vacancy;
import blackhole.control.v1.Hello;
import blackhole.control.v1.Ready;
import blackhole.orchestrator.control.ControlListener;
import blackhole.orchestrator.control.ControlService;
import blackhole.orchestrator.control.ControlSessions;
import blackhole.orchestrator.control.HostCredentials;
import blackhole.orchestrator.control.HostSession;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A spare against the orchestrator's real end of the stream; only the timer is ours. */
class SpareHostTest {
  private static final String HOST = "spare-a-1";
  private static final Duration ORPHAN_TIMEOUT = Duration.ofSeconds(60);

  private final String address = UUID.randomUUID().toString();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final ManualTimer timer = new ManualTimer();
  private final ScheduledExecutorService serverTimer = Executors.newScheduledThreadPool(1);
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final HostCredentials credentials = new HostCredentials();
  private final ControlSessions sessions = new ControlSessions();
  private final AtomicInteger opened = new AtomicInteger();
  private final OrchestratorChannels channels =
      new OrchestratorChannels(
          socket -> {
            opened.incrementAndGet();
            return InProcessChannelBuilder.forName(address).build();
          });
  private Server orchestrator;
  private SpareHost spare;
  private IOException problem;

  @BeforeEach
  void serve() throws IOException {
    orchestrator =
        InProcessServerBuilder.forName(address)
            .addService(
                new ControlService(
                    "node-a", credentials, sessions, new Said(), Optional.empty(), serverTimer))
            .build()
            .start();
  }

  @AfterEach
  void clear() throws InterruptedException {
    spare.close();
    channels.deactivate();
    orchestrator.shutdownNow();
    assertThat(orchestrator.awaitTermination(10, SECONDS)).isTrue();
    serverTimer.shutdownNow();
    executor.shutdownNow();
  }

  private void start(SpareHost.WarmingUp warmUp, String token) {
    spare =
        new SpareHost(
            new Seat(),
            warmUp,
            () -> channels.open(Path.of("control.sock")),
            () -> Hello.newBuilder().setHostId(HOST).setToken(token).build(),
            channels::keep,
            new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1), () -> 0.5),
            executor,
            timer,
            code -> events.add("exit " + code));
    spare.start();
  }

  private void start() throws InterruptedException {
    start(() -> {}, credentials.issue(HOST));
    expect("hello [spare]");
    expect("ready");
  }

  private void expect(String event) throws InterruptedException {
    assertThat(events.poll(10, SECONDS)).isEqualTo(event);
  }

  private HostSession session() {
    return sessions.find(HOST).orElseThrow();
  }

  @Test
  void saysThatItIsWarmOnceItIs() throws Exception {
    start();
    assertThat(session().isSpare()).isTrue();
  }

  @Test
  void hangsUpAndTakesTheServiceThatItIsGiven() throws Exception {
    start();
    session().assign(Path.of("/state/spare-a-1.assignment"));
    assertThat(new String[] {events.poll(10, SECONDS), events.poll(10, SECONDS)})
        .containsExactlyInAnyOrder("lost", "filled /state/spare-a-1.assignment");
  }

  @Test
  void leavesItsConnectionToWhoCallsInItsPlace() throws Exception {
    start();
    session().assign(Path.of("/state/spare-a-1.assignment"));
    assertThat(new String[] {events.poll(10, SECONDS), events.poll(10, SECONDS)})
        .containsExactlyInAnyOrder("lost", "filled /state/spare-a-1.assignment");

    ManagedChannel left = channels.open(Path.of("control.sock"));

    assertThat(opened).hasValue(1);
    assertThat(left.isShutdown()).isFalse();
    ManagedChannel another = channels.open(Path.of("control.sock"));
    assertThat(opened).hasValue(2);
    channels.keep(left);
    channels.keep(another);
    assertThat(left.isShutdown()).isTrue();
    channels.deactivate();
    assertThat(another.isShutdown()).isTrue();
  }

  @Test
  void exitsWhenItCannotTakeIt() throws Exception {
    problem = new IOException("no such file");
    start();
    session().assign(Path.of("/state/none"));
    assertThat(new String[] {events.poll(10, SECONDS), events.poll(10, SECONDS)})
        .containsExactlyInAnyOrder("lost", "exit 1");
  }

  @Test
  void exitsWhenItCannotWarmUp() throws Exception {
    start(
        () -> {
          throw new IOException("no socket");
        },
        credentials.issue(HOST));
    assertThat(new String[] {events.poll(10, SECONDS), events.poll(10, SECONDS)})
        .containsExactlyInAnyOrder("hello [spare]", "exit 1");
  }

  @Test
  void exitsWhenThereIsNoOrchestratorAnyMore() throws Exception {
    start();
    orchestrator.shutdownNow();
    expect("lost");
    timer.take(ORPHAN_TIMEOUT, ORPHAN_TIMEOUT).run();
    expect("exit 0");
  }

  @Test
  void exitsWhenAnotherOrchestratorDoesNotKnowIt() throws Exception {
    start(() -> {}, "of another run");
    expect("exit 1");
  }

  @Test
  void endsAtOnceWhenItIsTold() throws Exception {
    start();
    session().drain(Duration.ofSeconds(30));
    expect("exit 0");
  }

  private final class Seat implements Vacancy {
    @Override
    public String hostId() {
      return HOST;
    }

    @Override
    public NodeHome home() {
      return NodeHome.of(Path.of("/home"));
    }

    @Override
    public Duration orphanTimeout() {
      return ORPHAN_TIMEOUT;
    }

    @Override
    public void fill(Path assignment) throws IOException {
      if (problem != null) {
        throw problem;
      }
      events.add("filled " + assignment);
    }
  }

  private final class Said implements ControlListener {
    @Override
    public void helloed(HostSession session, Hello hello) {
      events.add("hello " + hello.getFeaturesList());
    }

    @Override
    public void ready(HostSession session, Ready ready) {
      events.add("ready");
    }

    @Override
    public void lost(HostSession session, String cause) {
      events.add("lost");
    }

    @Override
    public void progress(HostSession session, String step) {}

    @Override
    public void startFailed(HostSession session, String reason) {}

    @Override
    public void draining(HostSession session, String reason) {}
  }
}
