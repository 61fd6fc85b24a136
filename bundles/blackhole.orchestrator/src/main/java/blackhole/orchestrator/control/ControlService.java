package blackhole.orchestrator.control;

import blackhole.control.v1.ControlGrpc;
import blackhole.control.v1.Hello;
import blackhole.control.v1.HostMessage;
import blackhole.control.v1.NodeMessage;
import blackhole.control.v1.Welcome;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Serves the hosts' control streams: checks who connects, and gives each its session. */
public final class ControlService extends ControlGrpc.ControlImplBase {
  private static final Logger LOG = System.getLogger(ControlService.class.getName());
  private static final Duration HELLO_TIMEOUT = Duration.ofSeconds(10);

  private final String nodeId;
  private final HostCredentials credentials;
  private final ControlSessions sessions;
  private final ControlListener listener;
  private final Optional<RegistryStreams> registry;
  private final Supplier<Optional<Duration>> sampleInterval;
  private final OptionalDouble traceSampling;
  private final ScheduledExecutorService timer;
  private final ProtocolVersions versions;
  private final Duration helloTimeout;

  /** One that asks hosts for no samples. */
  public ControlService(
      String nodeId,
      HostCredentials credentials,
      ControlSessions sessions,
      ControlListener listener,
      Optional<RegistryStreams> registry,
      ScheduledExecutorService timer) {
    this(
        nodeId,
        credentials,
        sessions,
        listener,
        registry,
        Optional::empty,
        OptionalDouble.empty(),
        timer);
  }

  /**
   * @param registry what hosts are told of the registry; empty for nothing
   * @param sampleInterval how often hosts that call from now on send samples; empty for never
   * @param traceSampling the part of traces that hosts record; empty when nobody takes spans
   * @param timer for timeouts only; its thread is never blocked
   */
  public ControlService(
      String nodeId,
      HostCredentials credentials,
      ControlSessions sessions,
      ControlListener listener,
      Optional<RegistryStreams> registry,
      Supplier<Optional<Duration>> sampleInterval,
      OptionalDouble traceSampling,
      ScheduledExecutorService timer) {
    this(
        nodeId,
        credentials,
        sessions,
        listener,
        registry,
        sampleInterval,
        traceSampling,
        timer,
        ProtocolVersions.SUPPORTED,
        HELLO_TIMEOUT);
  }

  ControlService(
      String nodeId,
      HostCredentials credentials,
      ControlSessions sessions,
      ControlListener listener,
      Optional<RegistryStreams> registry,
      Supplier<Optional<Duration>> sampleInterval,
      OptionalDouble traceSampling,
      ScheduledExecutorService timer,
      ProtocolVersions versions,
      Duration helloTimeout) {
    this.nodeId = nodeId;
    this.credentials = credentials;
    this.sessions = sessions;
    this.listener = listener;
    this.registry = registry;
    this.sampleInterval = sampleInterval;
    this.traceSampling = traceSampling;
    this.timer = timer;
    this.versions = versions;
    this.helloTimeout = helloTimeout;
  }

  @Override
  public StreamObserver<HostMessage> attach(StreamObserver<NodeMessage> out) {
    ServerCallStreamObserver<NodeMessage> stream = (ServerCallStreamObserver<NodeMessage>) out;
    Attachment attachment = new Attachment(this, stream, timer, helloTimeout);
    stream.setOnReadyHandler(attachment::writable);
    return attachment;
  }

  /** What is wrong with this Hello; OK when nothing is. */
  Status check(Hello hello) {
    if (!credentials.verify(hello.getHostId(), hello.getToken())) {
      return Status.UNAUTHENTICATED.withDescription(
          "this node did not start host '" + hello.getHostId() + "', or gave it another token");
    }
    if (!versions.support(hello.getProtocolVersion())) {
      return Status.FAILED_PRECONDITION.withDescription(
          "the host speaks control protocol version "
              + hello.getProtocolVersion()
              + ", this orchestrator "
              + versions);
    }
    return Status.OK;
  }

  /** Opens the session of a host whose Hello was checked. */
  HostSession accept(Hello hello, ServerCallStreamObserver<NodeMessage> out) {
    Hello publicHello = hello.toBuilder().clearToken().build();
    Welcome welcome =
        Welcome.newBuilder()
            // a host of the version before is spoken to in its own
            .setProtocolVersion(Math.min(hello.getProtocolVersion(), versions.newest()))
            .setNodeId(nodeId)
            .addAllFeatures(features())
            .setSampleIntervalMillis(sampleInterval.get().map(Duration::toMillis).orElse(0L))
            .setTraceSampling(traceSampling.orElse(0))
            .setCallToken(
                registry.flatMap(source -> source.tokens().token(hello.getHostId())).orElse(""))
            .build();
    HostSession session =
        sessions.replace(
            hello.getHostId(), predecessor -> succeed(predecessor, publicHello, welcome, out));
    session.context().drain();
    return session;
  }

  private List<String> features() {
    List<String> features = new ArrayList<>();
    registry.ifPresent(there -> features.add(Features.REGISTRY));
    sampleInterval.get().ifPresent(there -> features.add(Features.SAMPLES));
    if (traceSampling.isPresent()) {
      features.add(Features.SPANS);
    }
    return features;
  }

  /** Only queues what is to happen, since the registry is locked meanwhile. */
  private HostSession succeed(
      @Nullable HostSession predecessor,
      Hello hello,
      Welcome welcome,
      ServerCallStreamObserver<NodeMessage> out) {
    SynchronizationContext context =
        predecessor == null ? newContext(hello.getHostId()) : predecessor.context();
    HostSession session = new HostSession(hello, context, out, registry, listener, sessions, timer);
    if (predecessor != null) {
      context.executeLater(predecessor::replaced);
    }
    context.executeLater(() -> session.begin(welcome));
    return session;
  }

  private static SynchronizationContext newContext(String hostId) {
    return new SynchronizationContext(
        (thread, problem) ->
            LOG.log(Level.ERROR, "a message of host " + hostId + " was not handled", problem));
  }
}
