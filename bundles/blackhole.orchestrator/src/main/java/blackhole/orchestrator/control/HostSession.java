package blackhole.orchestrator.control;

import blackhole.api.metrics.Metric;
import blackhole.api.rpc.ServiceCalls;
import blackhole.api.shell.LineResult;
import blackhole.api.supervision.SupervisionException;
import blackhole.control.v1.Assign;
import blackhole.control.v1.CallReportRequest;
import blackhole.control.v1.CollectGarbage;
import blackhole.control.v1.Command;
import blackhole.control.v1.CommandResult;
import blackhole.control.v1.Drain;
import blackhole.control.v1.Hello;
import blackhole.control.v1.HostMessage;
import blackhole.control.v1.MetricsRequest;
import blackhole.control.v1.NodeMessage;
import blackhole.control.v1.Update;
import blackhole.control.v1.UpdateResult;
import blackhole.control.v1.Welcome;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import io.grpc.stub.CallStreamObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The control stream of one host, from its accepted Hello to its end. Thread-safe: everything
 * happens in one serial context, which a host's next session takes over, so that the listener sees
 * both in order.
 */
public final class HostSession {
  private static final Logger LOG = System.getLogger(HostSession.class.getName());

  private final Hello hello;
  private final SynchronizationContext context;
  private final CallStreamObserver<NodeMessage> out;
  private final Optional<RegistryStreams> registries;
  private final ControlListener listener;
  private final ControlSessions sessions;
  private final ScheduledExecutorService timer;
  private final PendingAnswers<LineResult> commands = new PendingAnswers<>();
  private final PendingAnswers<List<ServiceCalls>> reports = new PendingAnswers<>();
  private final PendingAnswers<List<Metric>> metrics = new PendingAnswers<>();

  private final UpdateRequests updates;

  /** In the context. */
  private Optional<RegistryStream> registry = Optional.empty();

  /** Between the Welcome and the end; written in the context. */
  private volatile boolean open;

  HostSession(
      Hello hello,
      SynchronizationContext context,
      CallStreamObserver<NodeMessage> out,
      Optional<RegistryStreams> registries,
      ControlListener listener,
      ControlSessions sessions,
      ScheduledExecutorService timer) {
    this.hello = hello;
    this.context = context;
    this.out = out;
    this.registries = registries;
    this.listener = listener;
    this.sessions = sessions;
    this.timer = timer;
    this.updates = new UpdateRequests(context, timer);
  }

  public String hostId() {
    return hello.getHostId();
  }

  /** What the host said of itself when it connected, without its token. */
  public Hello hello() {
    return hello;
  }

  /** Whether the host waits for a service. */
  public boolean isSpare() {
    return Features.has(hello, Features.SPARE);
  }

  public boolean isOpen() {
    return open;
  }

  /**
   * Asks the host to take no more calls, finish those in flight within the time, and exit. Does
   * nothing when the stream is gone.
   */
  public void drain(Duration timeout) {
    Drain drain = Drain.newBuilder().setTimeoutMillis(timeout.toMillis()).build();
    context.execute(() -> send(NodeMessage.newBuilder().setDrain(drain).build()));
  }

  /**
   * Gives a spare its service. Does nothing when the stream is gone; a spare that has not heard
   * calls again as one.
   *
   * @param assignment the file that says which
   */
  public void assign(Path assignment) {
    Assign assign = Assign.newBuilder().setFile(assignment.toString()).build();
    context.execute(() -> send(NodeMessage.newBuilder().setAssign(assign).build()));
  }

  /**
   * Runs one Gogo line in the host. Completes exceptionally, with a {@link SupervisionException} in
   * words for an operator, when the host does not answer in time or the stream is lost. What hangs
   * on the result runs in the session's context, so it must not block.
   */
  public CompletionStage<LineResult> execute(String line, Duration timeout) {
    CompletableFuture<LineResult> result = new CompletableFuture<>();
    context.execute(() -> execute(line, timeout, result));
    return result.minimalCompletionStage();
  }

  private void execute(String line, Duration timeout, CompletableFuture<LineResult> result) {
    if (!open) {
      result.completeExceptionally(new SupervisionException("the host is not connected"));
      return;
    }
    long id = commands.nextId();
    ScheduledHandle expiry =
        context.schedule(
            () -> commands.expire(id, timeout), timeout.toNanos(), TimeUnit.NANOSECONDS, timer);
    commands.add(id, result, expiry);
    Command command = Command.newBuilder().setId(id).setLine(line).build();
    send(NodeMessage.newBuilder().setCommand(command).build());
  }

  /**
   * Asks the host what became of the calls that it made. Completes exceptionally when it does not
   * know how to tell, does not answer in time, or the stream is lost. What hangs on the result runs
   * in the session's context, so it must not block.
   */
  public CompletionStage<List<ServiceCalls>> callReport(Duration timeout) {
    CompletableFuture<List<ServiceCalls>> result = new CompletableFuture<>();
    context.execute(() -> callReport(timeout, result));
    return result.minimalCompletionStage();
  }

  private void callReport(Duration timeout, CompletableFuture<List<ServiceCalls>> result) {
    ask(
        Features.CALL_REPORT,
        reports,
        timeout,
        result,
        (message, id) -> message.setCallReportRequest(CallReportRequest.newBuilder().setId(id)));
  }

  /**
   * Asks the host what it has counted. Completes as {@link #callReport} does, and in the session's
   * context too.
   */
  public CompletionStage<List<Metric>> metrics(Duration timeout) {
    CompletableFuture<List<Metric>> result = new CompletableFuture<>();
    context.execute(
        () ->
            ask(
                Features.METRICS,
                metrics,
                timeout,
                result,
                (message, id) -> message.setMetricsRequest(MetricsRequest.newBuilder().setId(id))));
    return result.minimalCompletionStage();
  }

  private <T> void ask(
      String feature,
      PendingAnswers<T> pending,
      Duration timeout,
      CompletableFuture<T> result,
      BiConsumer<NodeMessage.Builder, Long> question) {
    if (!open || !Features.has(hello, feature)) {
      result.completeExceptionally(new SupervisionException("the host cannot be asked"));
      return;
    }
    long id = pending.nextId();
    ScheduledHandle expiry =
        context.schedule(
            () -> pending.expire(id, timeout), timeout.toNanos(), TimeUnit.NANOSECONDS, timer);
    pending.add(id, result, expiry);
    NodeMessage.Builder message = NodeMessage.newBuilder();
    question.accept(message, id);
    send(message.build());
  }

  /**
   * Asks the host to collect its garbage. Does nothing when it does not know how, or the stream is
   * gone.
   */
  public void collectGarbage() {
    if (Features.has(hello, Features.COLLECT_GARBAGE)) {
      NodeMessage message =
          NodeMessage.newBuilder().setCollectGarbage(CollectGarbage.getDefaultInstance()).build();
      context.execute(() -> send(message));
    }
  }

  /**
   * Asks the host for an update. Completes exceptionally when it does not know how, does not answer
   * in time, or the stream is lost. What hangs on the result, and what hears of the progress, runs
   * in the session's context, so it must not block.
   */
  public CompletionStage<UpdateResult> update(
      Update order, Duration timeout, Consumer<String> progress) {
    CompletableFuture<UpdateResult> result = new CompletableFuture<>();
    context.execute(
        () -> {
          if (open && Features.has(hello, Features.UPDATE)) {
            send(updates.begin(order, timeout, progress, result));
          } else {
            result.completeExceptionally(
                new SupervisionException(
                    open
                        ? "its host is of a release that knows no updates; restart it first"
                        : "the host is not connected"));
          }
        });
    return result.minimalCompletionStage();
  }

  /** Ends the stream; the host serves on, and looks for an orchestrator again. */
  public void close(String reason) {
    context.execute(() -> end(Status.UNAVAILABLE.withDescription(reason)));
  }

  /** Welcomes the host. In the context, after the predecessor's last. */
  void begin(Welcome welcome) {
    open = true;
    send(NodeMessage.newBuilder().setWelcome(welcome).build());
    listener.helloed(this, hello);
    if (open && Features.has(hello, Features.REGISTRY)) {
      registry = registries.map(source -> source.open(hello, context, new Outlet()));
    }
  }

  /** The stream takes more, after it did not. */
  void writable() {
    context.execute(() -> registry.ifPresent(RegistryStream::pump));
  }

  /**
   * Ends the stream without a word to the listener, who hears of the successor instead. In the
   * context.
   */
  void replaced() {
    if (open) {
      open = false;
      leave("the host connected anew while it ran the line");
      closeStream(Status.ABORTED.withDescription("the same host connected anew"));
    }
  }

  void received(HostMessage message) {
    context.execute(
        () -> {
          if (open) {
            dispatch(message);
          }
        });
  }

  private void dispatch(HostMessage message) {
    switch (message.getMessageCase()) {
      case PROGRESS -> listener.progress(this, message.getProgress().getStep());
      case READY -> listener.ready(this, message.getReady());
      case START_FAILED -> listener.startFailed(this, message.getStartFailed().getReason());
      case DRAINING -> listener.draining(this, message.getDraining().getReason());
      case COMMAND_RESULT -> {
        CommandResult answer = message.getCommandResult();
        commands.complete(
            answer.getId(),
            new LineResult(answer.getExitCode(), answer.getStdout(), answer.getStderr()));
      }
      case REGISTRY_ACK ->
          registry.ifPresent(stream -> stream.acknowledged(message.getRegistryAck().getRevision()));
      case CALL_REPORT ->
          reports.complete(
              message.getCallReport().getId(), CallReports.of(message.getCallReport()));
      case METRICS_REPORT ->
          metrics.complete(
              message.getMetricsReport().getId(), MetricMessages.of(message.getMetricsReport()));
      case SAMPLE -> listener.sampled(this, message.getSample());
      case SPANS -> listener.spans(this, message.getSpans());
      case UPDATE_PROGRESS -> updates.progressed(message.getUpdateProgress());
      case UPDATE_RESULT -> updates.ended(message.getUpdateResult());
      case HELLO -> end(Status.FAILED_PRECONDITION.withDescription("a second Hello"));
      // from a newer host, which was told not to; ignored as the protocol says
      case MESSAGE_NOT_SET -> {}
    }
  }

  /** The host's side is gone. */
  void disconnected(Status cause) {
    context.execute(() -> end(cause));
  }

  private void end(Status cause) {
    if (!open) {
      return;
    }
    open = false;
    leave("the connection to the host was lost while it ran the line");
    closeStream(cause);
    try {
      listener.lost(this, words(cause));
    } finally {
      // last, so that a session that comes meanwhile takes over this context
      sessions.remove(this);
    }
  }

  private void leave(String reason) {
    registry.ifPresent(RegistryStream::close);
    registry = Optional.empty();
    commands.failAll(reason);
    reports.failAll(reason);
    metrics.failAll(reason);
    updates.close();
  }

  private void closeStream(Status status) {
    try {
      if (status.isOk()) {
        out.onCompleted();
      } else {
        out.onError(status.asRuntimeException());
      }
    } catch (StatusRuntimeException | IllegalStateException e) {
      LOG.log(Level.DEBUG, "the stream of host " + hostId() + " was closed already", e);
    }
  }

  private void send(NodeMessage message) {
    if (!open) {
      return;
    }
    try {
      out.onNext(message);
    } catch (StatusRuntimeException | IllegalStateException e) {
      // cancelled on the other side; its onError is on the way, and ends this session
      end(Status.CANCELLED.withDescription("the stream was cancelled").withCause(e));
    }
  }

  private static String words(Status cause) {
    if (cause.isOk()) {
      return "the host closed the stream";
    }
    String description = cause.getDescription();
    return description == null ? cause.getCode().toString() : description;
  }

  SynchronizationContext context() {
    return context;
  }

  private final class Outlet implements RegistryStream.Outlet {
    @Override
    public boolean isReady() {
      return open && out.isReady();
    }

    @Override
    public void send(NodeMessage message) {
      HostSession.this.send(message);
    }
  }
}
