package blackhole.orchestrator.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.service.HealthResult;
import blackhole.api.supervision.InstanceDetails;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.SupervisionException;
import blackhole.orchestrator.config.ServiceConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** An engine with hosts, health and time of a test's own. */
final class Rig {
  final VirtualTime time = new VirtualTime();
  final FakeDriver driver = new FakeDriver(time);
  final List<Journal.Entry> journal = new ArrayList<>();
  final List<Journal.Decision> decisions = new ArrayList<>();

  /** How hosts answer health checks, by service; healthy unless said otherwise. */
  final Map<String, Supplier<CompletionStage<HealthResult>>> health = new HashMap<>();

  /** When they were asked, in seconds of monotonic time. */
  final List<Duration> probes = new ArrayList<>();

  /** For the jitter: none, unless said otherwise. */
  DoubleSupplier random = () -> 0.5;

  final SupervisorEngine engine;

  Rig(ServiceConfig... services) {
    this(8, services);
  }

  Rig(int maxParallelStarts, ServiceConfig... services) {
    this(maxParallelStarts, Capacity.UNBOUNDED, services);
  }

  Rig(int maxParallelStarts, Capacity capacity, ServiceConfig... services) {
    engine =
        new SupervisorEngine(
            Configs.node(services),
            capacity,
            driver,
            (id, timeout) -> {
              probes.add(Duration.ofNanos(time.nanoTime()));
              return health.getOrDefault(id.service(), Rig::healthy).get();
            },
            time,
            () -> random.getAsDouble(),
            new Notes(),
            maxParallelStarts);
    driver.connect(engine);
  }

  private final class Notes implements Journal {
    @Override
    public void record(Entry entry) {
      journal.add(entry);
    }

    @Override
    public void decided(Decision decision) {
      decisions.add(decision);
    }
  }

  static CompletionStage<HealthResult> healthy() {
    return CompletableFuture.completedFuture(HealthResult.healthy());
  }

  static CompletionStage<HealthResult> silence() {
    return new CompletableFuture<>();
  }

  /** Starts all, and lets the time pass that this takes when all goes well. */
  Rig started() {
    engine.startAll("node");
    advance(10);
    return this;
  }

  void advance(double seconds) {
    time.advance(Duration.ofNanos((long) (seconds * 1e9)));
  }

  InstanceStatus status(String service) {
    return status(service, 1);
  }

  InstanceStatus status(String service, int number) {
    InstanceId id = new InstanceId(service, number);
    return engine.instances().stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
  }

  InstanceDetails details(String service) {
    return engine.details(new InstanceId(service, 1)).orElseThrow();
  }

  FakeHost host(String service) {
    return driver.host(new InstanceId(service, 1));
  }

  CompletionStage<List<String>> start(String service) {
    return now(engine.start(service, OptionalInt.empty(), "alice"));
  }

  CompletionStage<List<String>> stop(String service) {
    return now(engine.stop(service, OptionalInt.empty(), "alice"));
  }

  CompletionStage<List<String>> restart(String service) {
    return now(engine.restart(service, OptionalInt.empty(), "alice"));
  }

  CompletionStage<List<String>> scale(String service, int instances) {
    return now(engine.scale(service, instances, "alice"));
  }

  /** The instances that there are, in order. */
  List<String> instances() {
    return engine.instances().stream().map(one -> one.id().toString()).toList();
  }

  List<String> decisionLines() {
    return decisions.stream().map(Journal.Decision::line).toList();
  }

  private <T> T now(T stage) {
    time.settle();
    return stage;
  }

  /** The answer of a command, which must be there. */
  static List<String> answer(CompletionStage<List<String>> stage) {
    assertThat(stage.toCompletableFuture()).isDone();
    return stage.toCompletableFuture().join();
  }

  /** Why a command failed, which it must have. */
  static String refusal(CompletionStage<List<String>> stage) {
    assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
    try {
      stage.toCompletableFuture().join();
      throw new AssertionError("it did not fail");
    } catch (CompletionException e) {
      assertThat(e.getCause())
          .isInstanceOfAny(SupervisionException.class, IllegalArgumentException.class);
      return e.getCause().getMessage();
    }
  }

  static boolean isOpen(CompletionStage<?> stage) {
    return !stage.toCompletableFuture().isDone();
  }

  List<String> journalLines() {
    return journal.stream().map(Journal.Entry::line).toList();
  }
}
