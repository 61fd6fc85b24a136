package blackhole.host;

import blackhole.api.metrics.Metric;
import blackhole.api.rpc.ServiceCalls;
import blackhole.api.shell.LineResult;
import blackhole.control.v1.Command;
import blackhole.control.v1.CommandResult;
import blackhole.control.v1.Hello;
import blackhole.control.v1.HostMessage;
import blackhole.control.v1.NodeMessage;
import blackhole.control.v1.Ready;
import blackhole.control.v1.RegistryAck;
import blackhole.control.v1.RegistryUpdate;
import blackhole.control.v1.Sample;
import blackhole.control.v1.Spans;
import blackhole.control.v1.Update;
import blackhole.control.v1.Welcome;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the control stream to the orchestrator: connects, comes back when it is lost, and says
 * again what a new orchestrator must know. Thread-safe: everything happens in one serial context,
 * on the threads of gRPC and of the timer.
 */
final class ControlClient implements Announcer, ControlStream.Listener {
  /** What the orchestrator asks, and how the search for it ends. Must not block. */
  interface Handler {
    void drain(Duration timeout);

    /** May answer from any thread; an answer after the stream was lost goes nowhere. */
    void command(String line, Consumer<LineResult> answer);

    /**
     * There is an orchestrator.
     *
     * @param callToken what to show other hosts from now on; empty for nothing
     */
    void welcomed(String callToken);

    /**
     * The registry has changed.
     *
     * @return completes when this is known to all whom it concerns
     */
    CompletionStage<Void> registry(RegistryUpdate update);

    /** What became of the calls that this host made. */
    List<ServiceCalls> calls();

    /** What this JVM uses; may answer from any thread. */
    void sample(Consumer<Sample> answer);

    /** What this process has counted; may answer from any thread. */
    default void metrics(Consumer<List<Metric>> answer) {
      answer.accept(List.of());
    }

    /**
     * Whether this orchestrator takes spans, and of which part of the traces that begin here; empty
     * when it takes none. Until the next time.
     */
    default void traced(OptionalDouble sampling) {}

    /** Memory is short: collect garbage, though not on this thread. */
    default void collectGarbage() {}

    /** This host, which was a spare, gets the service that the file describes. */
    default void assign(Path assignment) {}

    /** Another version of the service's bundle; may tell of it from any thread. */
    default void update(Update update, Consumer<HostMessage> tell) {}

    /** What this host knows of the protocol, as that names it. */
    default List<String> features() {
      return FEATURES;
    }

    /** No orchestrator for so long. */
    void orphaned(Duration timeout);

    /** The orchestrator does not want this host, and will not on another try. */
    void refused(String reason);
  }

  static final int PROTOCOL_VERSION = 1;

  private static final String SPANS = "spans";

  /** Of a host with a service, as the protocol names them. */
  static final List<String> FEATURES =
      List.of(
          "registry",
          "call-report",
          SampleFeed.FEATURE,
          "collect-garbage",
          "update",
          "metrics",
          SPANS);

  private static final Logger LOG = System.getLogger(ControlClient.class.getName());

  /** How long a stream may stay without a Welcome: an orchestrator that is stopped accepts too. */
  private static final Duration WELCOME_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration FIRST_CONTACT = Duration.ofSeconds(30);

  private final Supplier<ManagedChannel> channels;
  private final Supplier<Hello> hello;
  private final Handler handler;
  private final Backoff backoff;
  private final Duration orphanTimeout;
  private final ScheduledExecutorService timer;
  private final SynchronizationContext context =
      new SynchronizationContext(
          (thread, problem) -> LOG.log(Level.ERROR, "a control message was not handled", problem));
  private final CountDownLatch finished = new CountDownLatch(1);

  // in the context
  private final SampleFeed samples;
  private final Announcements said = new Announcements();
  private @Nullable ControlStream stream;
  private boolean welcomed;
  private boolean everWelcomed;
  private boolean takesSpans;
  private boolean finishing;
  private boolean closed;
  private @Nullable ScheduledHandle retry;
  private @Nullable ScheduledHandle welcomeExpiry;
  private @Nullable ScheduledHandle orphanExpiry;

  /**
   * @param channels a new channel to the orchestrator's socket for each attempt
   * @param hello what to introduce this host with; its {@code ready} flag is set here
   * @param timer for delays and timeouts; its thread is never blocked
   */
  ControlClient(
      Supplier<ManagedChannel> channels,
      Supplier<Hello> hello,
      Handler handler,
      Backoff backoff,
      Duration orphanTimeout,
      ScheduledExecutorService timer) {
    this.channels = channels;
    this.hello = hello;
    this.handler = handler;
    this.backoff = backoff;
    this.orphanTimeout = orphanTimeout;
    this.timer = timer;
    this.samples = new SampleFeed(context, timer, handler::sample);
  }

  @Override
  public void start() {
    context.execute(
        () -> {
          awaitOrchestrator();
          connect();
        });
  }

  @Override
  public void progress(String step) {
    context.execute(() -> tell(said.progress(step)));
  }

  @Override
  public void ready(Ready ready) {
    context.execute(
        () -> {
          tell(said.ready(ready));
          samples.ready();
        });
  }

  @Override
  public void startFailed(String reason) {
    context.execute(() -> tell(said.startFailed(reason)));
  }

  @Override
  public void draining(String reason) {
    context.execute(() -> tell(said.draining(reason)));
  }

  /** Says what was done; it is lost when the orchestrator is not there, or slow to read. */
  void spans(Spans spans) {
    context.execute(
        () -> {
          if (welcomed && takesSpans && stream != null && stream.isReady()) {
            stream.send(HostMessage.newBuilder().setSpans(spans).build());
          }
        });
  }

  @Override
  public void finish(Duration timeout) throws InterruptedException {
    context.execute(this::beginFinish);
    if (!finished.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.log(Level.WARNING, "the orchestrator did not hear this host's last words");
    }
    close();
  }

  @Override
  public void close() {
    context.execute(this::end);
  }

  /**
   * Hangs up, and leaves the connection to somebody else, if there is one.
   *
   * @param heir gets the channel, before this returns or soon after
   */
  void handOver(Consumer<ManagedChannel> heir) {
    context.execute(
        () -> {
          ControlStream last = welcomed ? stream : null;
          if (last != null) {
            stream = null;
            heir.accept(last.handOver());
          }
          end();
        });
  }

  private void beginFinish() {
    finishing = true;
    if (welcomed && stream != null) {
      stream.halfClose();
    } else if (!said.hasFailed()) {
      // a failed start is worth waiting for an orchestrator; all else it sees by itself
      end();
    }
  }

  private void connect() {
    retry = null;
    if (closed) {
      return;
    }
    ControlStream attempt = new ControlStream(channels.get(), this);
    stream = attempt;
    attempt.send(
        HostMessage.newBuilder()
            .setHello(
                hello.get().toBuilder()
                    .setProtocolVersion(PROTOCOL_VERSION)
                    .addAllFeatures(handler.features())
                    .setReady(said.isReady()))
            .build());
    welcomeExpiry =
        schedule(
            WELCOME_TIMEOUT,
            () -> lost(attempt, Status.DEADLINE_EXCEEDED.withDescription("no Welcome in time")));
  }

  @Override
  public void received(ControlStream from, NodeMessage message) {
    context.execute(
        () -> {
          if (from == stream) {
            dispatch(from, message);
          }
        });
  }

  private void dispatch(ControlStream from, NodeMessage message) {
    switch (message.getMessageCase()) {
      case WELCOME -> welcomed(from, message.getWelcome());
      case DRAIN -> handler.drain(Duration.ofMillis(message.getDrain().getTimeoutMillis()));
      case COMMAND -> command(from, message.getCommand());
      case REGISTRY_UPDATE -> registry(from, message.getRegistryUpdate());
      case CALL_REPORT_REQUEST -> report(from, message.getCallReportRequest().getId());
      case METRICS_REQUEST -> metrics(from, message.getMetricsRequest().getId());
      case COLLECT_GARBAGE -> handler.collectGarbage();
      case ASSIGN -> handler.assign(Path.of(message.getAssign().getFile()));
      case UPDATE ->
          handler.update(
              message.getUpdate(), answer -> context.execute(() -> sendOn(from, answer)));
      // from a newer orchestrator, which was told that we know no more; ignored by the protocol
      case MESSAGE_NOT_SET -> {}
    }
  }

  private void welcomed(ControlStream from, Welcome welcome) {
    LOG.log(Level.INFO, "connected to the orchestrator of node {0}", welcome.getNodeId());
    handler.welcomed(welcome.getCallToken());
    takesSpans = welcome.getFeaturesList().contains(SPANS);
    handler.traced(
        takesSpans ? OptionalDouble.of(welcome.getTraceSampling()) : OptionalDouble.empty());
    welcomed = true;
    everWelcomed = true;
    cancel(welcomeExpiry);
    cancel(orphanExpiry);
    orphanExpiry = null;
    backoff.reset();
    said.all().forEach(from::send);
    samples.welcomed(from, welcome, said.isReady());
    if (finishing) {
      from.halfClose();
    }
  }

  private void command(ControlStream from, Command command) {
    handler.command(
        command.getLine(), result -> context.execute(() -> answer(from, command.getId(), result)));
  }

  private void answer(ControlStream from, long id, LineResult result) {
    // ids are the stream's: on another one, this would answer a stranger's question
    if (from != stream) {
      return;
    }
    from.send(
        HostMessage.newBuilder()
            .setCommandResult(
                CommandResult.newBuilder()
                    .setId(id)
                    .setExitCode(result.exitCode())
                    .setStdout(result.stdout())
                    .setStderr(result.stderr()))
            .build());
  }

  private void registry(ControlStream from, RegistryUpdate update) {
    HostMessage ack =
        HostMessage.newBuilder()
            .setRegistryAck(RegistryAck.newBuilder().setRevision(update.getRevision()))
            .build();
    handler
        .registry(update)
        .whenComplete((done, problem) -> context.execute(() -> sendOn(from, ack)));
  }

  private void report(ControlStream from, long id) {
    sendOn(
        from,
        HostMessage.newBuilder().setCallReport(CallReports.report(id, handler.calls())).build());
  }

  private void metrics(ControlStream from, long id) {
    handler.metrics(
        metrics -> {
          HostMessage answer =
              HostMessage.newBuilder().setMetricsReport(MetricMessages.report(id, metrics)).build();
          context.execute(() -> sendOn(from, answer));
        });
  }

  /** Says nothing when another stream has taken this one's place: it would not be understood. */
  private void sendOn(ControlStream which, HostMessage message) {
    if (which == stream) {
      which.send(message);
    }
  }

  @Override
  public void ended(ControlStream which, Status status) {
    context.execute(() -> lost(which, status));
  }

  private void lost(ControlStream which, Status status) {
    if (which != stream) {
      return;
    }
    boolean wasWelcomed = welcomed;
    stream = null;
    welcomed = false;
    samples.close();
    cancel(welcomeExpiry);
    which.close();
    if (finishing && wasWelcomed) {
      end();
    } else if (isRefusal(status)) {
      end();
      handler.refused(words(status));
    } else {
      Level level = wasWelcomed ? Level.WARNING : Level.DEBUG;
      LOG.log(level, "no control stream ({0}); looking for the orchestrator", words(status));
      awaitOrchestrator();
      retry = schedule(backoff.next(), this::connect);
    }
  }

  private void awaitOrchestrator() {
    if (orphanExpiry == null) {
      // a host that is to end with its orchestrator has to find it first
      boolean starts = orphanTimeout.isZero() && !everWelcomed;
      orphanExpiry =
          schedule(
              starts ? FIRST_CONTACT : orphanTimeout,
              () -> {
                orphanExpiry = null;
                end();
                handler.orphaned(orphanTimeout);
              });
    }
  }

  private void tell(HostMessage message) {
    if (welcomed && stream != null) {
      stream.send(message);
    }
  }

  private void end() {
    closed = true;
    cancel(retry);
    cancel(welcomeExpiry);
    cancel(orphanExpiry);
    samples.close();
    if (stream != null) {
      stream.close();
      stream = null;
      welcomed = false;
    }
    finished.countDown();
  }

  private ScheduledHandle schedule(Duration delay, Runnable task) {
    return context.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS, timer);
  }

  private static void cancel(@Nullable ScheduledHandle handle) {
    if (handle != null) {
      handle.cancel();
    }
  }

  /** These do not change on another try; a missing service does, when the orchestrator is up. */
  private static boolean isRefusal(Status status) {
    return switch (status.getCode()) {
      case UNAUTHENTICATED, PERMISSION_DENIED, FAILED_PRECONDITION -> true;
      default -> false;
    };
  }

  private static String words(Status status) {
    @Nullable String description = status.getDescription();
    return description == null ? status.getCode().toString() : description;
  }
}
