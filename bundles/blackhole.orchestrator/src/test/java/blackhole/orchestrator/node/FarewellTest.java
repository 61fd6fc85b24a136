package blackhole.orchestrator.node;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.InstanceId;
import blackhole.control.v1.ControlGrpc;
import blackhole.control.v1.Hello;
import blackhole.control.v1.HostMessage;
import blackhole.control.v1.NodeMessage;
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
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real control stream, with a host that is written by hand. */
class FarewellTest {
  private static final InstanceId ID = new InstanceId("storage", 1);
  private static final String HOST = "storage-1-abc";

  private final ControlSessions sessions = new ControlSessions();
  private final HostCredentials credentials = new HostCredentials();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final BlockingQueue<NodeMessage> messages = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> turnedAway = new CompletableFuture<>();
  private final BlockingQueue<String> withdrawn = new LinkedBlockingQueue<>();
  private Server server;
  private ManagedChannel channel;

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

  @Test
  void aHostIsToldToDrainWhenCallersHaveTurnedAway() throws Exception {
    attach();
    assertThat(farewell(Duration.ofHours(1)).drain(ID, HOST, Duration.ofHours(10))).isTrue();
    assertThat(withdrawn.poll(30, SECONDS)).isEqualTo("storage-1 " + HOST);
    assertThat(messages).isEmpty();

    turnedAway.complete(null);

    assertThat(next().getDrain().getTimeoutMillis())
        .as("the wait is off its time")
        .isBetween(1L, Duration.ofHours(10).toMillis() - 1);
  }

  @Test
  void callersThatDoNotTurnAwayAreNotWaitedForForEver() throws Exception {
    attach();
    farewell(Duration.ofMillis(1)).drain(ID, HOST, Duration.ofMinutes(10));
    assertThat(next().hasDrain()).isTrue();
    assertThat(turnedAway).isNotDone();
  }

  @Test
  void atLeastHalfOfTheTimeIsTheHosts() throws Exception {
    attach();
    farewell(Duration.ofHours(1)).drain(ID, HOST, Duration.ofMillis(20));
    assertThat(next().hasDrain()).isTrue();
    assertThat(turnedAway).isNotDone();
  }

  @Test
  void aHostThatIsNotConnectedCannotBeAsked() {
    assertThat(farewell(Duration.ofSeconds(1)).drain(ID, HOST, Duration.ofSeconds(10))).isFalse();
    assertThat(withdrawn).isEmpty();
  }

  private Farewell farewell(Duration patience) {
    return new Farewell(
        (id, hostId) -> {
          withdrawn.add(id + " " + hostId);
          return turnedAway;
        },
        sessions,
        patience);
  }

  private void attach() throws InterruptedException {
    StreamObserver<HostMessage> out = ControlGrpc.newStub(channel).attach(new Host());
    out.onNext(
        HostMessage.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .setProtocolVersion(1)
                    .setHostId(HOST)
                    .setToken(credentials.issue(HOST)))
            .build());
    assertThat(next().hasWelcome()).isTrue();
  }

  private NodeMessage next() throws InterruptedException {
    NodeMessage message = messages.poll(30, SECONDS);
    assertThat(message).as("a message from the orchestrator").isNotNull();
    return message;
  }

  private final class Host implements StreamObserver<NodeMessage> {
    @Override
    public void onNext(NodeMessage message) {
      messages.add(message);
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
