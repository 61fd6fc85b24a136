package blackhole.host;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.DirectoryCopy;
import blackhole.api.registry.Idempotency;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.RemoteFallback;
import blackhole.api.registry.ServiceDescription;
import blackhole.api.registry.ServiceRecord;
import blackhole.api.rpc.BreakerState;
import blackhole.api.rpc.ServiceCalls;
import blackhole.api.shell.LineResult;
import blackhole.api.supervision.InstanceHealth;
import blackhole.control.v1.Hello;
import blackhole.control.v1.HostCaller;
import blackhole.control.v1.HostCallers;
import blackhole.control.v1.Ready;
import blackhole.control.v1.RegistryUpdate;
import blackhole.control.v1.Sample;
import blackhole.orchestrator.control.CallTokens;
import blackhole.orchestrator.control.ControlListener;
import blackhole.orchestrator.control.ControlService;
import blackhole.orchestrator.control.ControlSessions;
import blackhole.orchestrator.control.HostCredentials;
import blackhole.orchestrator.control.HostSession;
import blackhole.orchestrator.control.RegistryStreams;
import blackhole.orchestrator.registry.InMemoryRegistry;
import blackhole.orchestrator.registry.NodeDirectory;
import blackhole.orchestrator.supervision.SerialContext;
import blackhole.orchestrator.supervision.ThreadSerialContext;
import com.google.protobuf.ByteString;
import io.grpc.Deadline;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host's copy of the registry against the orchestrator's real one, over real gRPC. */
class RegistryCopyTest {
  private static final String HOST = "identity-1-abc";
  private static final ServiceCalls CALLS =
      new ServiceCalls(
          "storage",
          BreakerState.HALF_OPEN,
          3,
          Instant.parse("2026-01-01T00:00:00Z"),
          100,
          7,
          4,
          2,
          1,
          5,
          6,
          8,
          10,
          9);

  private final String address = UUID.randomUUID().toString();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final PatientContext context = new PatientContext();
  private final HostCredentials credentials = new HostCredentials();
  private final String token = credentials.issue(HOST);

  private final BlockingQueue<RegistryUpdate> updates = new LinkedBlockingQueue<>();
  private final KnownCallers callers = KnownCallers.told((delay, task) -> () -> {}, Runnable::run);
  private final DirectoryCopy copy =
      new DirectoryCopy(
          (delay, task) -> {
            if (context.patient) {
              return () -> {};
            }
            var scheduled = timer.schedule(task, delay.toNanos(), NANOSECONDS);
            return () -> scheduled.cancel(false);
          });
  private final RegistryCopy follower = new RegistryCopy(copy, callers);
  private final BlockingQueue<String> callTokens = new LinkedBlockingQueue<>();

  private InMemoryRegistry registry;
  private NodeDirectory directory;
  private CallTokens tokens;
  private ControlSessions sessions;
  private Server server;
  private ControlClient client;
  private long lease;

  @BeforeEach
  void start() throws IOException {
    newOrchestrator("e1");
    describe("storage", Availability.SERVING);
    put(endpoint("storage", 1));
    serve();
    client =
        new ControlClient(
            () -> InProcessChannelBuilder.forName(address).build(),
            () ->
                Hello.newBuilder()
                    .setHostId(HOST)
                    .setToken(token)
                    .setRegistryEpoch(follower.epoch())
                    .setRegistryRevision(follower.revision())
                    .build(),
            new Handler(),
            new Backoff(Duration.ofMillis(5), Duration.ofMillis(20), () -> 0.5),
            Duration.ofMinutes(5),
            timer);
  }

  private void newOrchestrator(String epoch) {
    registry = new InMemoryRegistry(context);
    directory = new NodeDirectory(registry, context, epoch);
    directory.start();
    lease = get(registry.grant(Duration.ofDays(1)));
    tokens = new CallTokens();
    tokens.issue(HOST, "identity-1");
  }

  private void serve() throws IOException {
    sessions = new ControlSessions();
    server =
        InProcessServerBuilder.forName(address)
            .addService(
                new ControlService(
                    "node-a",
                    credentials,
                    sessions,
                    new Deaf(),
                    Optional.of(new RegistryStreams(directory, tokens)),
                    timer))
            .build()
            .start();
  }

  private void stopServing() throws InterruptedException {
    server.shutdownNow();
    assertThat(server.awaitTermination(20, SECONDS)).isTrue();
  }

  @AfterEach
  void stop() throws InterruptedException {
    client.close();
    stopServing();
    timer.shutdownNow();
    context.close();
  }

  @Test
  void theCopyIsWhatTheOrchestratorHas() throws Exception {
    Availability waiting =
        new Availability(
            Availability.State.EXPECTED,
            "events waits",
            Optional.of(Deadline.after(1, TimeUnit.HOURS)));
    CallPolicy policy =
        new CallPolicy(
            Duration.ofSeconds(7),
            2,
            Duration.ofMillis(10),
            Duration.ofSeconds(3),
            1.5,
            4096,
            17,
            6,
            3,
            Duration.ofSeconds(11),
            RemoteFallback.READS);
    Map<String, Idempotency> methods =
        Map.of(
            "a.B/Get", Idempotency.NO_SIDE_EFFECTS,
            "a.B/Put", Idempotency.IDEMPOTENT,
            "a.B/Add", Idempotency.UNKNOWN);
    describe(new ServiceDescription("events", waiting, policy, methods));
    RegisteredEndpoint remote =
        new RegisteredEndpoint(
            "node-b/events",
            "events",
            0,
            RegisteredEndpoint.Type.REMOTE,
            "node-b",
            Optional.empty(),
            Optional.of("10.0.0.2"),
            OptionalInt.of(50003),
            Optional.of(Path.of("/ca.pem")),
            OptionalLong.empty(),
            InstanceHealth.UNREACHABLE,
            "connection refused",
            Instant.parse("2026-01-01T00:00:00.123Z"));
    put(remote);
    client.start();
    awaitRevision();

    assertThat(copy.isComplete()).isTrue();
    assertThat(copy.services())
        .extracting(ServiceRecord::name)
        .containsExactly("events", "storage");
    assertThat(copy.find("storage")).isEqualTo(directory.directory().find("storage"));
    ServiceRecord events = copy.find("events").orElseThrow();
    assertThat(events.policy()).isEqualTo(policy);
    assertThat(events.methods()).isEqualTo(methods);
    assertThat(events.endpoints()).containsExactly(remote);
    assertThat(events.availability().reason()).isEqualTo("events waits");
    assertThat(events.availability().expected().orElseThrow().timeRemaining(SECONDS))
        .isBetween(1800L, 3600L);
  }

  @Test
  void everyAvailabilityArrives() throws Exception {
    client.start();
    for (Availability.State state : Availability.State.values()) {
      describe(
          "storage",
          state == Availability.State.SERVING
              ? Availability.SERVING
              : new Availability(state, "because", Optional.empty()));
      awaitRecord("storage", record -> record.orElseThrow().availability().state() == state);
      assertThat(copy.find("storage").orElseThrow().availability())
          .isEqualTo(directory.directory().find("storage").orElseThrow().availability());
    }
  }

  @Test
  void itStaysAsItWasWhenTheStreamBreaksAndResumesWhereItWas() throws Exception {
    describe("events", Availability.SERVING);
    client.start();
    awaitRevision();
    assertThat(nextUpdate().getComplete()).isTrue();
    stopServing();
    ServiceRecord before = copy.find("storage").orElseThrow();

    put(endpoint("storage", 2));
    reach(registry.forget("events"));
    assertThat(copy.find("storage")).contains(before);
    assertThat(copy.find("events")).isPresent();
    serve();

    awaitRevision();
    RegistryUpdate update = nextUpdate();
    assertThat(update.getComplete()).isFalse();
    assertThat(update.getServicesList()).hasSize(1);
    assertThat(update.getRemovedList()).containsExactly("events");
    assertThat(copy.find("storage").orElseThrow().endpoints()).hasSize(2);
    assertThat(copy.find("events")).isEmpty();
  }

  @Test
  void aNewOrchestratorTellsEverything() throws Exception {
    client.start();
    awaitRevision();
    String first = callTokens.poll(20, SECONDS);
    stopServing();

    newOrchestrator("e2");
    describe("identity", Availability.SERVING);
    serve();

    awaitRecord("identity", Optional::isPresent);
    assertThat(copy.services()).extracting(ServiceRecord::name).containsExactly("identity");
    // it is noted when all who watch have been told
    await(() -> follower.epoch().equals("e2"));
    assertThat(callTokens.poll(20, SECONDS)).isNotEmpty().isNotEqualTo(first);
  }

  @Test
  void anUpdateIsAcknowledgedWhenItsWatchersHaveTakenIt() throws Exception {
    client.start();
    awaitRevision();
    BlockingQueue<CompletableFuture<Void>> answers = new LinkedBlockingQueue<>();
    copy.watch(
        "storage",
        record -> {
          CompletableFuture<Void> answer = new CompletableFuture<>();
          answers.add(answer);
          return answer;
        });
    answers.take().complete(null);
    context.patient = true;
    long revision = get(registry.remove("storage", endpoint("storage", 1).id()));
    CompletableFuture<Void> taken = directory.acknowledged(revision).toCompletableFuture();

    CompletableFuture<Void> answer = answers.poll(20, SECONDS);
    assertThat(answer).isNotNull();
    boolean before = taken.isDone();
    answer.complete(null);
    taken.get(20, SECONDS);
    assertThat(before).isFalse();
  }

  @Test
  void aWatcherThatHangsKeepsNobodyWaitingForEver() throws Exception {
    client.start();
    awaitRevision();
    copy.watch("storage", record -> new CompletableFuture<>());
    long revision = get(registry.remove("storage", endpoint("storage", 1).id()));
    directory.acknowledged(revision).toCompletableFuture().get(20, SECONDS);
    // the host itself may have been passed over, if it was late
    await(() -> copy.find("storage").orElseThrow().endpoints().isEmpty());
  }

  @Test
  void hostsKnowEachOtherByTheirSecrets() throws Exception {
    tokens.issue("storage-1-xyz", "storage-1");
    client.start();
    String mine = callTokens.poll(20, SECONDS);
    awaitRevision();
    assertThat(callers.verify(mine)).contains("identity-1");
    assertThat(callers.verify(mine)).as("from what it remembers").contains("identity-1");
    assertThat(callers.verify(mine + "x")).isEmpty();
    assertThat(callers.verify("")).isEmpty();

    tokens.revoke(HOST);
    await(() -> callers.verify(mine).isEmpty());
  }

  @Test
  void whoIsNewIsKnownAsSoonAsTheNewsIsThere() throws Exception {
    CompletableFuture<Optional<String>> early =
        callers.verifyLater("storage's").toCompletableFuture();
    tokens.accept("storage-1-xyz", "storage-1", "storage's");
    client.start();
    assertThat(early.get(20, SECONDS)).as("with the first list").contains("storage-1");

    CompletableFuture<Optional<String>> late =
        callers.verifyLater("ledger's").toCompletableFuture();
    assertThat(late).isNotDone();
    tokens.accept("ledger-1-xyz", "ledger-1", "ledger's");
    assertThat(late.get(20, SECONDS)).as("with another list").contains("ledger-1");
  }

  @Test
  void nobodyIsKnownBeforeTheOrchestratorHasSpoken() {
    assertThat(callers.verify("anything")).isEmpty();
    callers.replace(
        HostCallers.newBuilder()
            .addCallers(HostCaller.newBuilder().setName("x").setCallTokenSha256(ByteString.EMPTY))
            .build());
    assertThat(callers.verify("")).isEmpty();
  }

  @Test
  void aHostTellsWhatItHasCalled() throws Exception {
    client.start();
    awaitRevision();
    List<ServiceCalls> calls =
        get(sessions.find(HOST).orElseThrow().callReport(Duration.ofMinutes(5)));
    assertThat(calls).containsExactly(CALLS);
  }

  private void describe(String service, Availability availability) {
    describe(new ServiceDescription(service, availability, CallPolicy.DEFAULT, Map.of()));
  }

  private void describe(ServiceDescription description) {
    reach(registry.describe(description));
  }

  private void put(RegisteredEndpoint endpoint) {
    reach(registry.put(endpoint, lease));
  }

  /** Waits until the directory has a change too: it hears of it after the registry's answer. */
  private void reach(CompletionStage<Long> revision) {
    get(directory.acknowledged(get(revision)));
  }

  private static RegisteredEndpoint endpoint(String service, int instance) {
    return new RegisteredEndpoint(
        service + "-" + instance + "-abc-1",
        service,
        instance,
        RegisteredEndpoint.Type.LOCAL,
        "node-a",
        Optional.of(Path.of("/run/" + service + "-" + instance + ".sock")),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        OptionalLong.of(4711),
        InstanceHealth.HEALTHY,
        "",
        Instant.parse("2026-01-01T00:00:00Z"));
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, SECONDS).join();
  }

  private RegistryUpdate nextUpdate() throws InterruptedException {
    RegistryUpdate update = updates.poll(20, SECONDS);
    assertThat(update).as("an update").isNotNull();
    return update;
  }

  /** The copy is where the registry is. */
  private void awaitRevision() throws Exception {
    await(
        () ->
            copy.isComplete()
                && copy.services().stream()
                    .map(ServiceRecord::revision)
                    .toList()
                    .equals(
                        directory.directory().services().stream()
                            .map(ServiceRecord::revision)
                            .toList()));
  }

  private void awaitRecord(String service, Predicate<Optional<ServiceRecord>> condition)
      throws Exception {
    CompletableFuture<Void> met = new CompletableFuture<>();
    try (var watch =
        copy.watch(
            service,
            record -> {
              if (condition.test(record)) {
                met.complete(null);
              }
              return CompletableFuture.completedFuture(null);
            })) {
      met.get(20, SECONDS);
    }
  }

  private interface Condition {
    boolean holds();
  }

  private void await(Condition condition) throws Exception {
    CompletableFuture<Void> met = new CompletableFuture<>();
    var looks =
        timer.scheduleWithFixedDelay(
            () -> {
              if (condition.holds()) {
                met.complete(null);
              }
            },
            0,
            2,
            TimeUnit.MILLISECONDS);
    try {
      met.get(20, SECONDS);
    } finally {
      looks.cancel(false);
    }
  }

  /** One in which nobody is passed over, where a test wants that. */
  private static final class PatientContext implements SerialContext {
    private final ThreadSerialContext real = new ThreadSerialContext("registry");
    private volatile boolean patient;

    @Override
    public void execute(Runnable task) {
      real.execute(task);
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
      return patient ? () -> {} : real.schedule(delay, task);
    }

    @Override
    public void offload(Runnable task) {
      real.offload(task);
    }

    @Override
    public long nanoTime() {
      return real.nanoTime();
    }

    @Override
    public Instant wallTime() {
      return real.wallTime();
    }

    void close() {
      real.close();
    }
  }

  private final class Handler implements ControlClient.Handler {
    @Override
    public void drain(Duration timeout) {}

    @Override
    public void command(String line, Consumer<LineResult> answer) {}

    @Override
    public void welcomed(String callToken) {
      callTokens.add(callToken);
    }

    @Override
    public CompletionStage<Void> registry(RegistryUpdate update) {
      updates.add(update);
      return follower.apply(update);
    }

    @Override
    public List<ServiceCalls> calls() {
      return List.of(CALLS);
    }

    @Override
    public void sample(Consumer<Sample> answer) {}

    @Override
    public void collectGarbage() {}

    @Override
    public void orphaned(Duration timeout) {}

    @Override
    public void refused(String reason) {}
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
