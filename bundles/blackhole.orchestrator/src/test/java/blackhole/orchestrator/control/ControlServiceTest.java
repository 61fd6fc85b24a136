package blackhole.orchestrator.control;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.shell.LineResult;
import blackhole.api.supervision.SupervisionException;
import blackhole.control.v1.CommandResult;
import blackhole.control.v1.ControlGrpc;
import blackhole.control.v1.Draining;
import blackhole.control.v1.Hello;
import blackhole.control.v1.HostMessage;
import blackhole.control.v1.NodeMessage;
import blackhole.control.v1.Progress;
import blackhole.control.v1.Ready;
import blackhole.control.v1.Sample;
import blackhole.control.v1.Span;
import blackhole.control.v1.Spans;
import blackhole.control.v1.StartFailed;
import blackhole.control.v1.Welcome;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service behind a real gRPC server and channel, with hosts that are written by hand. */
class ControlServiceTest {
  private static final String HOST = "identity-1-abc";
  private static final Duration LONG = Duration.ofMinutes(5);

  private final HostCredentials credentials = new HostCredentials();
  private final ControlSessions sessions = new ControlSessions();
  private final Events events = new Events();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private Optional<Duration> sampleInterval = Optional.empty();
  private OptionalDouble traceSampling = OptionalDouble.empty();
  private Server server;
  private ManagedChannel channel;
  private String token;

  @BeforeEach
  void start() throws IOException {
    token = credentials.issue(HOST);
    serve(ProtocolVersions.SUPPORTED, LONG);
  }

  private void serve(ProtocolVersions versions, Duration helloTimeout) throws IOException {
    String name = UUID.randomUUID().toString();
    server =
        InProcessServerBuilder.forName(name)
            .addService(
                new ControlService(
                    "node-a",
                    credentials,
                    sessions,
                    events,
                    Optional.empty(),
                    () -> sampleInterval,
                    traceSampling,
                    timer,
                    versions,
                    helloTimeout))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).build();
  }

  private void stopServing() throws InterruptedException {
    channel.shutdownNow();
    server.shutdownNow();
    assertThat(server.awaitTermination(30, SECONDS)).isTrue();
  }

  @AfterEach
  void stop() throws InterruptedException {
    stopServing();
    timer.shutdownNow();
  }

  @Test
  void aHostThatProvesItselfIsWelcomed() throws Exception {
    Host host = attached();

    assertThat(host.next().getWelcome().getNodeId()).isEqualTo("node-a");
    HostSession session = events.expect("helloed");
    assertThat(session.hostId()).isEqualTo(HOST);
    assertThat(session.hello().getPid()).isEqualTo(4711);
    assertThat(session.hello().getToken()).as("the secret goes no further").isEmpty();
    assertThat(sessions.find(HOST)).containsSame(session);
  }

  @Test
  void aWrongTokenIsRefused() throws Exception {
    Host host = connect(hello().setToken(token + "x"));

    assertThat(host.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(host.status().getDescription()).contains(HOST).doesNotContain(token);
    assertThat(sessions.find(HOST)).isEmpty();
    assertThat(events.queue).isEmpty();
  }

  @Test
  void anUnknownHostIsRefusedWithAnyTokenAndWithNone() throws Exception {
    assertThat(connect(hello().setHostId("other")).status().getCode())
        .isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(connect(hello().setHostId("other").clearToken()).status().getCode())
        .isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void aRevokedTokenIsRefused() throws Exception {
    credentials.revoke(HOST);
    assertThat(connect(hello()).status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void aTokenIssuedByAnEarlierOrchestratorIsAccepted() throws Exception {
    credentials.revoke(HOST);
    credentials.accept(HOST, token);
    assertThat(attached().next().hasWelcome()).isTrue();
  }

  @Test
  void thisVersionAndTheOneBeforeAreSpoken() throws Exception {
    stopServing();
    serve(ProtocolVersions.upTo(3), LONG);

    assertThat(connect(hello().setProtocolVersion(3)).next().getWelcome().getProtocolVersion())
        .isEqualTo(3);
    assertThat(connect(hello().setProtocolVersion(2)).next().getWelcome().getProtocolVersion())
        .isEqualTo(2);
    for (int version : new int[] {0, 1, 4}) {
      Status status = connect(hello().setProtocolVersion(version)).status();
      assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      assertThat(status.getDescription())
          .contains("version " + version)
          .contains("versions 2 to 3");
    }
  }

  @Test
  void theFirstReleaseSpeaksVersionOneOnly() throws Exception {
    assertThat(connect(hello().setProtocolVersion(1)).next().hasWelcome()).isTrue();
    assertThat(connect(hello().clearProtocolVersion()).status().getCode())
        .isEqualTo(Status.Code.FAILED_PRECONDITION);
  }

  @Test
  void whatAHostSaysReachesTheListenerInOrder() throws Exception {
    Host host = attached();
    host.send(HostMessage.newBuilder().setProgress(Progress.newBuilder().setStep("installs")));
    host.send(HostMessage.newBuilder().setReady(Ready.newBuilder().setSocket("/s")));
    host.send(HostMessage.newBuilder().setDraining(Draining.newBuilder().setReason("SIGTERM")));
    host.send(HostMessage.newBuilder().setStartFailed(StartFailed.newBuilder().setReason("why")));
    host.out.onCompleted();

    HostSession session = events.expect("helloed");
    assertThat(events.expect("progress installs")).isSameAs(session);
    events.expect("ready /s");
    events.expect("draining SIGTERM");
    events.expect("startFailed why");
    events.expect("lost the host closed the stream");
    assertThat(session.isOpen()).isFalse();
    assertThat(sessions.find(HOST)).isEmpty();
  }

  @Test
  void aHostThatVanishesIsLost() throws Exception {
    attached();
    events.expect("helloed");

    channel.shutdownNow();

    assertThat(events.next()).startsWith("lost ");
    assertThat(sessions.find(HOST)).isEmpty();
  }

  @Test
  void anythingBeforeHelloIsRefused() throws Exception {
    Host host = new Host();
    host.send(HostMessage.newBuilder().setReady(Ready.getDefaultInstance()));
    assertThat(host.status().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
  }

  @Test
  void aSecondHelloEndsTheStream() throws Exception {
    Host host = attached();
    host.next();
    host.send(HostMessage.newBuilder().setHello(hello()));
    assertThat(host.status().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    events.expect("helloed");
    events.expect("lost a second Hello");
  }

  @Test
  void samplesAreAskedForAndHeard() throws Exception {
    stopServing();
    sampleInterval = Optional.of(Duration.ofSeconds(7));
    serve(ProtocolVersions.SUPPORTED, LONG);
    Host host = attached();

    Welcome welcome = host.next().getWelcome();
    assertThat(welcome.getFeaturesList()).containsExactly("samples");
    assertThat(welcome.getSampleIntervalMillis()).isEqualTo(7000);
    HostSession session = events.expect("helloed");
    host.send(HostMessage.newBuilder().setSample(Sample.newBuilder().setThreads(12)));
    assertThat(events.expect("sampled 12")).isSameAs(session);
  }

  @Test
  void spansAreAskedForAndHeard() throws Exception {
    stopServing();
    traceSampling = OptionalDouble.of(0.25);
    serve(ProtocolVersions.SUPPORTED, LONG);
    Host host = attached();

    Welcome welcome = host.next().getWelcome();
    assertThat(welcome.getFeaturesList()).containsExactly("spans");
    assertThat(welcome.getTraceSampling()).isEqualTo(0.25);
    HostSession session = events.expect("helloed");
    host.send(
        HostMessage.newBuilder()
            .setSpans(Spans.newBuilder().addSpans(Span.newBuilder().setName("a.B/C"))));
    assertThat(events.expect("spans a.B/C")).isSameAs(session);
  }

  @Test
  void withoutAnIntervalNobodyIsAskedForSamples() throws Exception {
    Welcome welcome = attached().next().getWelcome();
    assertThat(welcome.getFeaturesList()).isEmpty();
    assertThat(welcome.getSampleIntervalMillis()).isZero();
  }

  @Test
  void garbageIsForThoseWhoKnowHow() throws Exception {
    Host today = connect(hello().addFeatures("collect-garbage"));
    today.next();
    events.expect("helloed").collectGarbage();
    assertThat(today.next().hasCollectGarbage()).isTrue();
  }

  @Test
  void aHostOfBeforeIsNotAskedToCollectGarbage() throws Exception {
    Host before = attached();
    before.next();
    HostSession session = events.expect("helloed");
    session.collectGarbage();
    session.drain(Duration.ofMillis(5));
    assertThat(before.next().hasDrain()).as("nothing comes before it").isTrue();
  }

  @Test
  void silenceInsteadOfHelloIsEnded() throws Exception {
    stopServing();
    serve(ProtocolVersions.SUPPORTED, Duration.ofMillis(20));
    assertThat(new Host().status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
  }

  @Test
  void theTimeoutForHelloEndsWithIt() throws Exception {
    stopServing();
    Timeouts timeouts = new Timeouts();
    String name = UUID.randomUUID().toString();
    server =
        InProcessServerBuilder.forName(name)
            .addService(
                new ControlService(
                    "node-a", credentials, sessions, events, Optional.empty(), timeouts))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).build();
    try {
      attached().next();
      assertThat(timeouts.getQueue()).isEmpty();
    } finally {
      timeouts.shutdownNow();
    }
  }

  @Test
  void drainReachesTheHost() throws Exception {
    Host host = attached();
    host.next();
    events.expect("helloed").drain(Duration.ofSeconds(30));
    assertThat(host.next().getDrain().getTimeoutMillis()).isEqualTo(30_000);
  }

  @Test
  void aLineIsAnsweredByTheResultWithItsId() throws Exception {
    Host host = attached();
    host.next();
    HostSession session = events.expect("helloed");

    CompletionStage<LineResult> first = session.execute("lb", LONG);
    CompletionStage<LineResult> second = session.execute("bad", LONG);
    NodeMessage one = host.next();
    NodeMessage two = host.next();
    assertThat(one.getCommand().getLine()).isEqualTo("lb");
    host.answer(two, 1, "", "no such command");
    host.answer(one, 0, "bundles", "");

    assertThat(get(first)).isEqualTo(new LineResult(0, "bundles", ""));
    assertThat(get(second)).isEqualTo(new LineResult(1, "", "no such command"));
  }

  @Test
  void aLineThatIsNotAnsweredInTimeFailsAndItsLateAnswerIsIgnored() throws Exception {
    Host host = attached();
    host.next();
    HostSession session = events.expect("helloed");

    CompletionStage<LineResult> late = session.execute("slow", Duration.ofMillis(10));
    NodeMessage slow = host.next();
    assertFails(late, "did not answer within 10 ms");

    host.answer(slow, 0, "late", "");
    CompletionStage<LineResult> next = session.execute("next", LONG);
    host.answer(host.next(), 0, "next", "");
    assertThat(get(next).stdout()).isEqualTo("next");
  }

  @Test
  void aLostSessionFailsTheLinesThatRun() throws Exception {
    Host host = attached();
    host.next();
    HostSession session = events.expect("helloed");
    CompletionStage<LineResult> running = session.execute("lb", LONG);
    host.next();

    host.out.onCompleted();

    assertFails(running, "connection to the host was lost");
    events.expect("lost the host closed the stream");
    assertFails(session.execute("lb", LONG), "not connected");
    session.drain(LONG);
    session.close("again");
    assertThat(events.queue).isEmpty();
  }

  @Test
  void closeEndsTheStreamWithItsReason() throws Exception {
    Host host = attached();
    host.next();
    events.expect("helloed").close("the node stops");

    assertThat(host.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(host.status().getDescription()).isEqualTo("the node stops");
    events.expect("lost the node stops");
  }

  @Test
  void aSecondStreamOfTheSameHostTakesTheFirstOnesPlace() throws Exception {
    Host first = attached();
    first.next();
    HostSession old = events.expect("helloed");
    CompletionStage<LineResult> running = old.execute("lb", LONG);
    first.next();

    Host second = attached();
    assertThat(second.next().hasWelcome()).isTrue();

    HostSession current = events.expect("helloed");
    assertThat(current).isNotSameAs(old);
    assertThat(first.status().getCode()).isEqualTo(Status.Code.ABORTED);
    assertFails(running, "connected anew");
    assertThat(sessions.find(HOST)).containsSame(current);
    second.send(HostMessage.newBuilder().setReady(Ready.newBuilder().setSocket("/s")));
    assertThat(events.expect("ready /s")).isSameAs(current);
  }

  @Test
  void aListenerThatThrowsDoesNotBreakTheSession() throws Exception {
    Host host = attached();
    host.next();
    HostSession session = events.expect("helloed");
    host.send(HostMessage.newBuilder().setProgress(Progress.newBuilder().setStep("throw")));
    events.expect("progress throw");
    session.drain(Duration.ofMillis(5));
    assertThat(host.next().hasDrain()).isTrue();
  }

  private Host attached() {
    return connect(hello());
  }

  private Host connect(Hello.Builder hello) {
    Host host = new Host();
    host.send(HostMessage.newBuilder().setHello(hello));
    return host;
  }

  private Hello.Builder hello() {
    return Hello.newBuilder().setProtocolVersion(1).setHostId(HOST).setToken(token).setPid(4711);
  }

  private static void assertFails(CompletionStage<LineResult> result, String message) {
    assertThatThrownBy(() -> get(result))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(SupervisionException.class)
        .hasMessageContaining(message);
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    CompletableFuture<T> future = new CompletableFuture<>();
    stage.whenComplete(
        (value, problem) -> {
          if (problem != null) {
            future.completeExceptionally(problem);
          } else {
            future.complete(value);
          }
        });
    return future.get(30, SECONDS);
  }

  /** A host's end of the stream. */
  private final class Host implements StreamObserver<NodeMessage> {
    private final BlockingQueue<NodeMessage> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final StreamObserver<HostMessage> out = ControlGrpc.newStub(channel).attach(this);

    void send(HostMessage.Builder message) {
      out.onNext(message.build());
    }

    void answer(NodeMessage command, int exitCode, String stdout, String stderr) {
      send(
          HostMessage.newBuilder()
              .setCommandResult(
                  CommandResult.newBuilder()
                      .setId(command.getCommand().getId())
                      .setExitCode(exitCode)
                      .setStdout(stdout)
                      .setStderr(stderr)));
    }

    NodeMessage next() throws InterruptedException {
      NodeMessage message = messages.poll(30, SECONDS);
      assertThat(message).as("a message from the orchestrator").isNotNull();
      return message;
    }

    Status status() throws Exception {
      return end.get(30, SECONDS);
    }

    @Override
    public void onNext(NodeMessage message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable problem) {
      end.complete(Status.fromThrowable(problem));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }
  }
}
