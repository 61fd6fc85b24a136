package blackhole.host;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import blackhole.api.rpc.ServiceCalls;
import blackhole.api.shell.LineResult;
import blackhole.control.v1.ControlGrpc;
import blackhole.control.v1.Hello;
import blackhole.control.v1.HostMessage;
import blackhole.control.v1.NodeMessage;
import blackhole.control.v1.Ready;
import blackhole.control.v1.RegistryUpdate;
import blackhole.control.v1.Sample;
import blackhole.control.v1.Span;
import blackhole.control.v1.Spans;
import blackhole.control.v1.Welcome;
import blackhole.orchestrator.control.ControlListener;
import blackhole.orchestrator.control.ControlService;
import blackhole.orchestrator.control.ControlSessions;
import blackhole.orchestrator.control.HostCredentials;
import blackhole.orchestrator.control.HostSession;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The host's end against the orchestrator's real one, over real gRPC; only the timer is ours. */
class ControlClientTest {
  private static final String HOST = "identity-1-abc";
  private static final Duration ORPHAN_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration WELCOME_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration FIRST_SAMPLE = Duration.ofSeconds(1);
  private static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(7);

  private final String address = UUID.randomUUID().toString();
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final BlockingQueue<Consumer<LineResult>> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<Hello> hellos = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> welcomes = new LinkedBlockingQueue<>();
  private final ManualTimer timer = new ManualTimer();
  private final ScheduledExecutorService serverTimer = Executors.newScheduledThreadPool(1);
  private HostCredentials credentials = new HostCredentials();

  /** What the current orchestrator heard. */
  private final BlockingQueue<OptionalDouble> traced = new LinkedBlockingQueue<>();

  private BlockingQueue<String> said = new LinkedBlockingQueue<>();

  /** What the next orchestrator asks for. */
  private Optional<Duration> sampleInterval = Optional.empty();

  private final AtomicInteger samples = new AtomicInteger();
  private ControlSessions sessions;
  private Server orchestrator;
  private String token;
  private ControlClient client;

  @BeforeEach
  void create() {
    token = credentials.issue(HOST);
    client =
        new ControlClient(
            this::channel,
            () -> Hello.newBuilder().setHostId(HOST).setToken(token).setPid(42).build(),
            new Asked(),
            new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1), () -> 0.5),
            ORPHAN_TIMEOUT,
            timer);
  }

  @AfterEach
  void clear() throws InterruptedException {
    client.close();
    stopOrchestrator();
    serverTimer.shutdownNow();
  }

  @Test
  void introducesItselfAndIsWelcomed() throws Exception {
    startOrchestrator();
    client.start();

    expect(said, "helloed");
    Hello hello = hellos.take();
    assertThat(hello.getHostId()).isEqualTo(HOST);
    assertThat(hello.getPid()).isEqualTo(42);
    assertThat(hello.getProtocolVersion()).isEqualTo(1);
    assertThat(hello.getReady()).isFalse();
  }

  @Test
  void saysWhatHappensWhenItHappens() throws Exception {
    connect();
    client.progress("installs");
    expect(said, "progress installs");
    client.ready(Ready.newBuilder().setSocket("/s").build());
    expect(said, "ready /s");
    client.draining("SIGTERM");
    expect(said, "draining SIGTERM");
  }

  @Test
  void whatHappenedBeforeTheOrchestratorCameIsSaidWhenItComes() throws Exception {
    client.start();
    client.progress("one");
    client.progress("two");
    orchestratorComes();

    expect(said, "helloed");
    expect(said, "progress two");
    client.startFailed("no such package");
    expect(said, "startFailed no such package");
  }

  @Test
  void comesBackToANewOrchestratorAsReady() throws Exception {
    connect();
    client.ready(Ready.newBuilder().setSocket("/s").build());
    expect(said, "ready /s");
    hellos.clear();

    stopOrchestrator();
    orchestratorComes();

    expect(said, "helloed");
    assertThat(hellos.take().getReady()).isTrue();
    expect(said, "ready /s");
    assertThat(asked).isEmpty();
    timer.awaitIdle();
  }

  @Test
  void triesAgainWithGrowingDelays() throws Exception {
    client.start();
    assertThat(retry()).isEqualTo(Duration.ofMillis(50));
    assertThat(retry()).isEqualTo(Duration.ofMillis(100));
    assertThat(retry()).isEqualTo(Duration.ofMillis(200));
    orchestratorComes();
    expectWelcome();
    stopOrchestrator();
    assertThat(retry()).as("a welcome resets the delays").isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void givesUpAfterTheOrphanTimeoutAndOnlyThen() throws Exception {
    connect();
    stopOrchestrator();
    retry();
    retry();
    assertThat(asked).isEmpty();

    timer.take(ORPHAN_TIMEOUT, ORPHAN_TIMEOUT).run();

    expect(asked, "orphaned PT1M");
    assertThat(timer.live()).as("it looks no further").isEmpty();
  }

  @Test
  void aHostThatNeverFindsAnOrchestratorIsAnOrphanToo() throws Exception {
    client.start();
    timer.take(ORPHAN_TIMEOUT, ORPHAN_TIMEOUT).run();
    expect(asked, "orphaned PT1M");
  }

  @Test
  void theOrphanTimeoutRunsFromTheLossThroughAllAttempts() throws Exception {
    connect();
    stopOrchestrator();
    retry();
    ManualTimer.Task first = timer.take(ORPHAN_TIMEOUT, ORPHAN_TIMEOUT);
    retry();
    retry();
    assertThat(timer.live()).noneMatch(task -> task.delay.equals(ORPHAN_TIMEOUT));
    assertThat(first.isCancelled()).isFalse();
    orchestratorComes();
    expectWelcome();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> first.get(20, SECONDS));
  }

  @Test
  void anOrchestratorThatDoesNotKnowItRefusesIt() throws Exception {
    credentials = new HostCredentials();
    startOrchestrator();
    client.start();

    assertThat(next(asked)).startsWith("refused this node did not start host '" + HOST + "'");
    assertThat(timer.live()).isEmpty();
  }

  @Test
  void anOrchestratorThatIsNotReadyToAnswerIsAskedAgain() throws Exception {
    orchestrator = InProcessServerBuilder.forName(address).build().start();
    client.start();
    retry();
    stopOrchestrator();
    orchestratorComes();
    expect(said, "helloed");
  }

  @Test
  void anOrchestratorThatAcceptsButNeverAnswersIsLeft() throws Exception {
    orchestrator =
        InProcessServerBuilder.forName(address).addService(new SilentControl()).build().start();
    client.start();
    timer.take(WELCOME_TIMEOUT, WELCOME_TIMEOUT).run();
    stopOrchestrator();
    orchestratorComes();
    expect(said, "helloed");
  }

  @Test
  void samplesGoOutFromReadyOnAtTheIntervalThatIsAskedFor() throws Exception {
    sampleInterval = Optional.of(SAMPLE_INTERVAL);
    connect();
    assertThat(timer.live()).as("a start has no time for samples").isEmpty();
    becomeReady();

    sample(FIRST_SAMPLE, SAMPLE_INTERVAL);
    expect(said, "sampled 1");
    sample(SAMPLE_INTERVAL, SAMPLE_INTERVAL);
    expect(said, "sampled 2");
    timer.take(SAMPLE_INTERVAL, SAMPLE_INTERVAL);
    assertThat(timer.live()).as("one at a time").isEmpty();
  }

  /** Has one sample made. While something else is under way none is: then the next is due. */
  private void sample(Duration due, Duration next) throws InterruptedException {
    int before = samples.get();
    timer.take(due, due).run();
    timer.await(next, next);
    if (samples.get() == before) {
      sample(next, next);
    }
  }

  @Test
  void spansGoToAnOrchestratorThatTakesThem() throws Exception {
    client.spans(Spans.newBuilder().addSpans(Span.newBuilder().setName("too early")).build());
    connect();
    assertThat(traced.poll(20, SECONDS)).isEqualTo(OptionalDouble.of(0.5));
    long deadline = System.nanoTime() + SECONDS.toNanos(20);
    String heard = null;
    while (heard == null || !heard.startsWith("spans")) {
      // those that the stream does not take at once are lost
      client.spans(Spans.newBuilder().addSpans(Span.newBuilder().setName("a.B/C")).build());
      heard = said.poll(100, MILLISECONDS);
      assertThat(System.nanoTime()).isLessThan(deadline);
    }
    assertThat(heard).isEqualTo("spans a.B/C");
  }

  @Test
  void theIntervalIsTheCurrentOrchestrators() throws Exception {
    sampleInterval = Optional.of(SAMPLE_INTERVAL);
    connect();
    becomeReady();
    ManualTimer.Task first = timer.take(FIRST_SAMPLE, FIRST_SAMPLE);
    stopOrchestrator();
    sampleInterval = Optional.of(Duration.ofMillis(300));
    orchestratorComes();

    expect(said, "helloed");
    expect(said, "ready /s");
    sample(Duration.ofMillis(300), Duration.ofMillis(300));
    expect(said, "sampled 1");
    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> first.get(20, SECONDS));
  }

  @Test
  void anOrchestratorThatDoesNotAskForSamplesGetsNone() throws Exception {
    connect();
    becomeReady();
    client.draining("so that there is something to wait for");
    expect(said, "draining so that there is something to wait for");
    assertThat(timer.live()).isEmpty();
    assertThat(samples).hasValue(0);
  }

  @Test
  void aSlowStreamGetsNoSamplesThatWouldWaitInIt() throws Exception {
    UnreadControl unread = new UnreadControl();
    orchestrator = InProcessServerBuilder.forName(address).addService(unread).build().start();
    client.start();
    unread.attached.get(20, SECONDS);
    timer.awaitIdle();
    client.ready(Ready.newBuilder().setSocket("/s").build());
    timer.take(FIRST_SAMPLE, FIRST_SAMPLE).run();
    timer.take(SAMPLE_INTERVAL, SAMPLE_INTERVAL).run();
    assertThat(samples).as("none is made").hasValue(0);

    unread.readOn();
    awaitSample();
  }

  /**
   * Whether the stream takes more is known a moment after it does, and then another thread may make
   * the sample, so that one more is asked for meanwhile.
   */
  private void awaitSample() throws InterruptedException {
    long deadline = System.nanoTime() + SECONDS.toNanos(20);
    while (samples.get() == 0) {
      assertThat(System.nanoTime()).as("a sample in time").isLessThan(deadline);
      timer.take(SAMPLE_INTERVAL, SAMPLE_INTERVAL).run();
    }
  }

  private void becomeReady() throws InterruptedException {
    client.ready(Ready.newBuilder().setSocket("/s").build());
    expect(said, "ready /s");
  }

  @Test
  void drainIsPassedOn() throws Exception {
    connect().drain(Duration.ofSeconds(7));
    expect(asked, "drain PT7S");
  }

  @Test
  void garbageIsCollectedWhenAskedFor() throws Exception {
    connect().collectGarbage();
    expect(asked, "collect garbage");
  }

  @Test
  void aLineMakesTheRoundTrip() throws Exception {
    HostSession session = connect();
    CompletableFuture<LineResult> result = execute(session, "lb");

    expect(asked, "command lb");
    answers.take().accept(new LineResult(1, "out", "err"));

    assertThat(result.get(20, SECONDS)).isEqualTo(new LineResult(1, "out", "err"));
  }

  @Test
  void anAnswerToALostOrchestratorDoesNotReachTheNext() throws Exception {
    HostSession first = connect();
    CompletableFuture<LineResult> lost = execute(first, "old");
    expect(asked, "command old");
    stopOrchestrator();
    assertThat(lost.handle((result, problem) -> problem).get(20, SECONDS)).isNotNull();

    orchestratorComes();
    CompletableFuture<LineResult> current = execute(session(), "new");
    expect(asked, "command new");
    answers.take().accept(new LineResult(0, "old", ""));
    answers.take().accept(new LineResult(0, "new", ""));

    assertThat(current.get(20, SECONDS).stdout()).isEqualTo("new");
  }

  @Test
  void finishWaitsUntilTheLastWordsHaveArrived() throws Exception {
    connect();
    client.startFailed("why");
    client.finish(Duration.ofSeconds(20));

    assertThat(said.peek()).isEqualTo("startFailed why");
  }

  @Test
  void aFailedStartWaitsForAnOrchestratorThatIsStillComing() throws Exception {
    client.start();
    client.startFailed("why");
    CompletableFuture<Void> finished = finishLater();
    orchestratorComes();

    finished.get(20, SECONDS);
    expect(said, "helloed");
    expect(said, "startFailed why");
  }

  @Test
  void withoutAnOrchestratorThereIsNothingElseToWaitFor() throws Exception {
    client.start();
    client.draining("no orchestrator");
    finishLater().get(20, SECONDS);
  }

  private CompletableFuture<Void> finishLater() {
    return CompletableFuture.runAsync(
        () -> {
          try {
            client.finish(Duration.ofMinutes(5));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private HostSession connect() throws Exception {
    startOrchestrator();
    client.start();
    return session();
  }

  /** The host is welcomed, and knows it: its timeouts are gone. */
  private void expectWelcome() throws InterruptedException {
    expect(said, "helloed");
    // before it there may be no timeout yet, where another thread is still about to set it
    expect(welcomes, "welcomed");
    timer.awaitIdle();
  }

  private HostSession session() throws InterruptedException {
    expectWelcome();
    return sessions.find(HOST).orElseThrow();
  }

  private Duration retry() throws InterruptedException {
    ManualTimer.Task retry = timer.take(Duration.ZERO, Duration.ofSeconds(2));
    retry.run();
    return retry.delay;
  }

  /** Between two attempts, so that it is the next one that finds it. */
  private void orchestratorComes() throws Exception {
    ManualTimer.Task retry = timer.take(Duration.ZERO, Duration.ofSeconds(2));
    startOrchestrator();
    retry.run();
  }

  private static CompletableFuture<LineResult> execute(HostSession session, String line) {
    CompletableFuture<LineResult> result = new CompletableFuture<>();
    session
        .execute(line, Duration.ofMinutes(5))
        .whenComplete(
            (value, problem) -> {
              if (problem != null) {
                result.completeExceptionally(problem);
              } else {
                result.complete(value);
              }
            });
    return result;
  }

  private void startOrchestrator() throws IOException {
    sessions = new ControlSessions();
    said = new LinkedBlockingQueue<>();
    orchestrator =
        InProcessServerBuilder.forName(address)
            .addService(
                new ControlService(
                    "node-a",
                    credentials,
                    sessions,
                    new Said(said),
                    Optional.empty(),
                    () -> sampleInterval,
                    OptionalDouble.of(0.5),
                    serverTimer))
            .build()
            .start();
  }

  private void stopOrchestrator() throws InterruptedException {
    if (orchestrator != null) {
      orchestrator.shutdownNow();
      assertThat(orchestrator.awaitTermination(20, SECONDS)).isTrue();
    }
  }

  private ManagedChannel channel() {
    return InProcessChannelBuilder.forName(address).build();
  }

  private static void expect(BlockingQueue<String> queue, String text) throws InterruptedException {
    assertThat(next(queue)).isEqualTo(text);
  }

  private static String next(BlockingQueue<String> queue) throws InterruptedException {
    String text = queue.poll(20, SECONDS);
    assertThat(text).as("something is said").isNotNull();
    return text;
  }

  /** An orchestrator that is stopped: its socket accepts, and nobody answers. */
  private static final class SilentControl extends ControlGrpc.ControlImplBase {
    @Override
    public StreamObserver<HostMessage> attach(StreamObserver<NodeMessage> out) {
      return new StreamObserver<>() {
        @Override
        public void onNext(HostMessage value) {}

        @Override
        public void onError(Throwable problem) {}

        @Override
        public void onCompleted() {}
      };
    }
  }

  /** An orchestrator that asks for samples, but reads nothing after the Hello until told to. */
  private static final class UnreadControl extends ControlGrpc.ControlImplBase {
    final CompletableFuture<Void> attached = new CompletableFuture<>();
    private volatile ServerCallStreamObserver<NodeMessage> stream;

    @Override
    public StreamObserver<HostMessage> attach(StreamObserver<NodeMessage> out) {
      stream = (ServerCallStreamObserver<NodeMessage>) out;
      stream.disableAutoRequest();
      stream.request(1);
      return new StreamObserver<>() {
        @Override
        public void onNext(HostMessage value) {
          if (value.hasHello()) {
            out.onNext(
                NodeMessage.newBuilder()
                    .setWelcome(
                        Welcome.newBuilder()
                            .addFeatures("samples")
                            .setSampleIntervalMillis(SAMPLE_INTERVAL.toMillis()))
                    .build());
            attached.complete(null);
          }
        }

        @Override
        public void onError(Throwable problem) {}

        @Override
        public void onCompleted() {}
      };
    }

    void readOn() {
      stream.request(100);
    }
  }

  private final class Asked implements ControlClient.Handler {
    @Override
    public void drain(Duration timeout) {
      asked.add("drain " + timeout);
    }

    @Override
    public void command(String line, Consumer<LineResult> answer) {
      answers.add(answer);
      asked.add("command " + line);
    }

    @Override
    public void welcomed(String callToken) {
      welcomes.add("welcomed");
    }

    @Override
    public void traced(OptionalDouble sampling) {
      traced.add(sampling);
    }

    @Override
    public CompletionStage<Void> registry(RegistryUpdate update) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public List<ServiceCalls> calls() {
      return List.of();
    }

    @Override
    public void sample(Consumer<Sample> answer) {
      answer.accept(Sample.newBuilder().setThreads(samples.incrementAndGet()).build());
    }

    @Override
    public void collectGarbage() {
      asked.add("collect garbage");
    }

    @Override
    public void orphaned(Duration timeout) {
      asked.add("orphaned " + timeout);
    }

    @Override
    public void refused(String reason) {
      asked.add("refused " + reason);
    }
  }

  private final class Said implements ControlListener {
    private final BlockingQueue<String> said;

    Said(BlockingQueue<String> said) {
      this.said = said;
    }

    @Override
    public void helloed(HostSession session, Hello hello) {
      hellos.add(hello);
      said.add("helloed");
    }

    @Override
    public void progress(HostSession session, String step) {
      said.add("progress " + step);
    }

    @Override
    public void ready(HostSession session, Ready ready) {
      said.add("ready " + ready.getSocket());
    }

    @Override
    public void startFailed(HostSession session, String reason) {
      said.add("startFailed " + reason);
    }

    @Override
    public void draining(HostSession session, String reason) {
      said.add("draining " + reason);
    }

    @Override
    public void spans(HostSession session, Spans spans) {
      said.add("spans " + spans.getSpans(0).getName());
    }

    @Override
    public void sampled(HostSession session, Sample sample) {
      said.add("sampled " + sample.getThreads());
    }

    @Override
    public void lost(HostSession session, String cause) {
      said.add("lost " + cause);
    }
  }
}
