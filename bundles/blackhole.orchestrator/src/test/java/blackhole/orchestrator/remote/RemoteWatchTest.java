package blackhole.orchestrator.remote;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.TlsFiles;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.rpc.NodeChannels;
import blackhole.api.supervision.InstanceHealth;
import blackhole.orchestrator.config.HostAndPort;
import blackhole.orchestrator.config.RemoteNode;
import blackhole.orchestrator.tls.TestTls;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against real servers with TLS. */
class RemoteWatchTest {
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @TempDir Path folder;
  private TestTls pki;
  private TlsFiles own;
  private TlsFiles other;
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
  private final RecordingSink sink = new RecordingSink();
  private final HealthStatusManager health = new HealthStatusManager();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final LogLines log = new LogLines();

  @BeforeEach
  void makeCertificates() throws Exception {
    pki = new TestTls(folder);
    own = pki.node("node-a");
    other = pki.node("node-b");
    health.setStatus("storage", ServingStatus.SERVING);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size(); i > 0; i--) {
      open.get(i - 1).close();
    }
    timer.shutdownNow();
    log.close();
  }

  private RemoteServer serve(TlsFiles files, int port, BindableService... more) throws Exception {
    List<BindableService> services = new ArrayList<>(List.of(more));
    if (services.isEmpty()) {
      services.add(health.getHealthService());
    }
    RemoteServer server =
        RemoteServer.start(files, port, timer, services.toArray(BindableService[]::new));
    open.add(server);
    return server;
  }

  private RemoteNodes watch(int port) {
    return watch(port, "node-b", Optional.empty(), new TlsChannels(own, timer), TIMEOUT);
  }

  private RemoteNodes watch(
      int port, String nodeId, Optional<Path> authority, NodeChannels channels, Duration timeout) {
    RemoteNodes nodes =
        new RemoteNodes(
            List.of(
                new RemoteNode(
                    nodeId, authority, Map.of("storage", new HostAndPort("127.0.0.1", port)))),
            new RemoteNodes.Surroundings(
                channels, sink, INTERVAL, timeout, timer, Clock.systemUTC()));
    open.add(nodes);
    nodes.start();
    return nodes;
  }

  private RecordingSink.Change unreachable() throws InterruptedException {
    return sink.await(InstanceHealth.UNREACHABLE);
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void a_healthy_service_is_an_endpoint() throws Exception {
    RemoteServer server = serve(other, 0);
    Instant before = Instant.now();
    watch(server.port());

    RegisteredEndpoint endpoint = sink.await(InstanceHealth.HEALTHY).endpoint();

    assertThat(sink.changes().get(0).health()).isEqualTo(InstanceHealth.UNKNOWN);
    assertThat(sink.changes().get(0).endpoint().lastSeen()).isEqualTo(Instant.EPOCH);
    assertThat(endpoint.lastSeen()).isAfterOrEqualTo(before);
    assertThat(endpoint)
        .isEqualTo(
            new RegisteredEndpoint(
                "node-b/storage",
                "storage",
                0,
                RegisteredEndpoint.Type.REMOTE,
                "node-b",
                Optional.empty(),
                Optional.of("127.0.0.1"),
                OptionalInt.of(server.port()),
                Optional.empty(),
                OptionalLong.empty(),
                InstanceHealth.HEALTHY,
                "",
                endpoint.lastSeen()));
    sink.awaitSeen(3);
  }

  @Test
  void unhealthy_gone_and_back() throws Exception {
    RemoteServer server = serve(other, 0);
    int port = server.port();
    watch(port);
    sink.await(InstanceHealth.HEALTHY);

    health.setStatus("storage", ServingStatus.NOT_SERVING);
    RecordingSink.Change unhealthy = sink.await(InstanceHealth.UNHEALTHY);
    assertThat(unhealthy.message()).isEqualTo("it says that it does not serve");
    health.setStatus("storage", ServingStatus.SERVING);
    sink.await(InstanceHealth.HEALTHY);

    server.close();
    RecordingSink.Change gone = unreachable();
    assertThat(gone.endpoint().lastSeen()).isAfter(Instant.EPOCH);
    sink.await(change -> change.message().contains("refused"));
    assertThat(sink.changes().get(sink.changes().size() - 1).message())
        .isEqualTo("the connection is refused: nothing listens there");

    serve(other, port);
    sink.await(InstanceHealth.HEALTHY);
  }

  @Test
  void a_failure_is_logged_once_until_it_changes() throws Exception {
    int port = freePort();
    TlsChannels channels = new TlsChannels(own, timer);
    watch(port, "node-b", Optional.empty(), channels, TIMEOUT);
    unreachable();
    log.await(1);
    // five more tries
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (channels.opened.size() < 6 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(channels.opened).hasSizeGreaterThanOrEqualTo(6);
    assertThat(log.lines)
        .containsExactly(
            "WARNING node-b/storage at 127.0.0.1:"
                + port
                + " is unreachable: the connection is refused: nothing listens there");

    serve(other, port);
    sink.await(InstanceHealth.HEALTHY);
    log.await(2);
    assertThat(log.lines.get(1))
        .isEqualTo("INFO node-b/storage at 127.0.0.1:" + port + " is healthy");
  }

  @Test
  void channels_that_failed_are_closed() throws Exception {
    TlsChannels channels = new TlsChannels(own, timer);
    RemoteNodes nodes = watch(freePort(), "node-b", Optional.empty(), channels, TIMEOUT);
    unreachable();
    nodes.close();
    for (ManagedChannel channel : channels.opened) {
      assertThat(channel.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
    int changes = sink.changes().size();
    health.setStatus("storage", ServingStatus.NOT_SERVING);
    assertThat(sink.changes()).hasSize(changes);
  }

  @Test
  void a_service_that_is_not_there() throws Exception {
    HealthStatusManager others = new HealthStatusManager();
    others.setStatus("ledger", ServingStatus.SERVING);
    watch(serve(other, 0, others.getHealthService()).port());
    assertThat(sink.await(InstanceHealth.UNHEALTHY).message())
        .isEqualTo("what answers there serves no storage");
    others.setStatus("storage", ServingStatus.SERVING);
    sink.await(InstanceHealth.HEALTHY);
  }

  @Test
  void a_server_without_watch_is_asked_again_and_again() throws Exception {
    OnlyCheck check = new OnlyCheck();
    watch(serve(other, 0, check).port());
    sink.await(InstanceHealth.HEALTHY);
    check.status = ServingStatus.NOT_SERVING;
    sink.await(InstanceHealth.UNHEALTHY);
    check.status = ServingStatus.SERVING;
    sink.await(InstanceHealth.HEALTHY);
  }

  @Test
  void a_server_without_health_may_be_called_all_the_same() throws Exception {
    watch(serve(other, 0, ProtoReflectionServiceV1.newInstance()).port());
    RecordingSink.Change change =
        sink.await(c -> c.message().equals("it does not answer health checks"));
    assertThat(change.health()).isEqualTo(InstanceHealth.UNKNOWN);
    assertThat(change.endpoint().isUsable()).isTrue();
  }

  @Test
  void a_server_that_hangs() throws Exception {
    OnlyCheck check = new OnlyCheck();
    RemoteServer server = serve(other, 0, check);
    watch(
        server.port(),
        "node-b",
        Optional.empty(),
        new TlsChannels(own, timer),
        Duration.ofMillis(500));
    sink.await(InstanceHealth.HEALTHY);
    check.status = null;
    assertThat(sink.await(c -> c.message().startsWith("no answer")).health())
        .isEqualTo(InstanceHealth.UNREACHABLE);
    check.status = ServingStatus.SERVING;
    sink.await(InstanceHealth.HEALTHY);
  }

  @Test
  void the_methods_and_what_they_promise() throws Exception {
    watch(
        serve(
                other,
                0,
                health.getHealthService(),
                Levels.SERVICE,
                ProtoReflectionServiceV1.newInstance())
            .port());
    assertThat(sink.await(change -> !change.methods().isEmpty()).methods())
        .isEqualTo(Levels.METHODS);
  }

  @Test
  void the_methods_by_the_older_reflection() throws Exception {
    watch(
        serve(
                other,
                0,
                health.getHealthService(),
                Levels.SERVICE,
                ProtoReflectionService.newInstance())
            .port());
    assertThat(sink.await(change -> !change.methods().isEmpty()).methods())
        .isEqualTo(Levels.METHODS);
  }

  @Test
  void a_certificate_of_another_authority() throws Exception {
    TlsFiles stranger = new TestTls(folder.resolve("other")).node("node-b");
    watch(serve(stranger, 0).port());
    assertThat(unreachable().message())
        .isEqualTo("the certificate of node-b is not signed by the authority that is trusted");
  }

  @Test
  void an_authority_of_the_other_nodes_own() throws Exception {
    TlsFiles stranger = new TestTls(folder.resolve("other")).node("node-b");
    // it trusts us too
    Files.writeString(
        stranger.certificateAuthority(),
        Files.readString(stranger.certificateAuthority())
            + Files.readString(own.certificateAuthority()));
    int port = serve(stranger, 0).port();
    Optional<Path> authority = Optional.of(folder.resolve("other/ca.pem"));
    watch(port, "node-b", authority, new TlsChannels(own, timer), TIMEOUT);
    assertThat(sink.await(InstanceHealth.HEALTHY).endpoint().certificateAuthority())
        .isEqualTo(authority);
  }

  @Test
  void a_certificate_for_another_name() throws Exception {
    watch(serve(pki.node("node-c"), 0).port());
    assertThat(unreachable().message()).isEqualTo("the certificate that answers is not for node-b");
  }

  @Test
  void a_certificate_that_has_expired() throws Exception {
    watch(serve(pki.expired("node-b", "old"), 0).port());
    assertThat(unreachable().message())
        .isEqualTo("the certificate of node-b, or that of its authority, has expired");
  }

  @Test
  void a_certificate_that_is_not_valid_yet() throws Exception {
    watch(serve(pki.notYetValid("node-b", "new"), 0).port());
    assertThat(unreachable().message())
        .isEqualTo("the certificate of node-b, or that of its authority, is not valid yet");
  }

  @Test
  void a_server_that_refuses_our_certificate() throws Exception {
    TlsFiles stranger = new TestTls(folder.resolve("other")).node("node-a");
    int port = serve(other, 0).port();
    watch(
        port,
        "node-b",
        Optional.of(other.certificateAuthority()),
        new TlsChannels(stranger, timer),
        TIMEOUT);
    assertThat(sink.await(c -> c.message().contains("refuses")).message())
        .startsWith("node-b refuses the certificate of this node: ");
  }

  @Test
  void a_server_without_tls() throws Exception {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(health.getHealthService())
            .build()
            .start();
    open.add(
        () -> {
          server.shutdownNow();
          server.awaitTermination();
        });
    watch(server.getPort());
    assertThat(unreachable().message()).isEqualTo("what answers there does not speak TLS");
  }

  @Test
  void no_certificate_to_show_and_then_one() throws Exception {
    int port = serve(other, 0).port();
    TlsChannels real = new TlsChannels(own, timer);
    AtomicBoolean has = new AtomicBoolean();
    watch(
        port,
        "node-b",
        Optional.empty(),
        (nodeId, host, p, authority) -> {
          if (!has.get()) {
            throw new IllegalStateException("this node has no certificate to show");
          }
          return real.open(nodeId, host, p, authority);
        },
        TIMEOUT);
    assertThat(unreachable().message()).isEqualTo("this node has no certificate to show");
    has.set(true);
    sink.await(InstanceHealth.HEALTHY);
  }

  /** Health without {@code Watch}; it does not answer at all without a status. */
  private static final class OnlyCheck extends HealthGrpc.HealthImplBase {
    volatile @Nullable ServingStatus status = ServingStatus.SERVING;

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> responses) {
      ServingStatus now = status;
      if (now != null) {
        responses.onNext(HealthCheckResponse.newBuilder().setStatus(now).build());
        responses.onCompleted();
      }
    }
  }

  /** What the watch logs, as "LEVEL message". */
  private static final class LogLines extends Handler {
    private static final Logger LOGGER = Logger.getLogger(RemoteWatch.class.getName());
    final List<String> lines = new CopyOnWriteArrayList<>();

    LogLines() {
      LOGGER.addHandler(this);
    }

    @Override
    public void publish(LogRecord record) {
      lines.add(
          record.getLevel()
              + " "
              + java.text.MessageFormat.format(record.getMessage(), record.getParameters()));
      synchronized (this) {
        notifyAll();
      }
    }

    synchronized void await(int count) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (lines.size() < count && System.nanoTime() < end) {
        wait(1000);
      }
      assertThat(lines).hasSizeGreaterThanOrEqualTo(count);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      LOGGER.removeHandler(this);
    }
  }
}
