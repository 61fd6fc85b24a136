package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Configs.service;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.RunningProcess;
import blackhole.api.service.HealthResult;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.SupervisionException;
import blackhole.orchestrator.config.RestartPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Operators, hosts and crashes on threads of their own, in real time. */
class ManyThreadsTest {
  private static final int OPERATORS = 4;
  private static final int COMMANDS = 200;
  private static final List<String> SERVICES = List.of("storage", "identity", "ledger");

  private static final RestartPolicy QUICK =
      new RestartPolicy(
          10, Duration.ofMillis(1), 1.0, Duration.ofMillis(1), 0.2, Duration.ofMinutes(10));

  @RepeatedTest(5)
  void everyCommandIsAnsweredAndNothingIsLeft(RepetitionInfo repetition) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(OPERATORS + 2);
    try (ThreadSerialContext context = new ThreadSerialContext("test")) {
      InstantDriver driver = new InstantDriver(pool);
      SupervisorEngine engine = engine(context, driver);
      driver.engine.complete(engine);
      List<Future<Integer>> operators = new ArrayList<>();
      for (int operator = 0; operator < OPERATORS; operator++) {
        long seed = 100L * repetition.getCurrentRepetition() + operator;
        operators.add(pool.submit(() -> operate(engine, driver, new Random(seed))));
      }
      for (Future<Integer> operator : operators) {
        assertThat(operator.get(60, TimeUnit.SECONDS)).isEqualTo(COMMANDS);
      }
      engine.stopAll("test").toCompletableFuture().get(60, TimeUnit.SECONDS);
      assertThat(driver.living).isEmpty();
      assertThat(driver.doubles).as("two processes of an instance at a time").hasValue(0);
      assertThat(engine.instances())
          .allSatisfy(
              one -> assertThat(one.state()).isIn(InstanceState.STOPPED, InstanceState.FAILED));
    } finally {
      pool.shutdownNow();
    }
  }

  private static SupervisorEngine engine(SerialContext context, InstantDriver driver) {
    return new SupervisorEngine(
        Configs.node(
            service("storage", 1, true, QUICK),
            service("identity", 1, true, QUICK, "storage"),
            service("ledger", 1, true, QUICK, "identity")),
        Capacity.UNBOUNDED,
        driver,
        (id, timeout) -> CompletableFuture.completedFuture(HealthResult.healthy()),
        context,
        () -> 0.5,
        new Silence(),
        2);
  }

  /** Gives commands, each when the one before was answered; crashes a host now and then. */
  private static int operate(SupervisorEngine engine, InstantDriver driver, Random random)
      throws Exception {
    int answered = 0;
    for (int i = 0; i < COMMANDS; i++) {
      String service = SERVICES.get(random.nextInt(SERVICES.size()));
      switch (random.nextInt(4)) {
        case 0 -> answer(engine.start(service, OptionalInt.empty(), "start"));
        case 1 -> answer(engine.stop(service, OptionalInt.empty(), "stop"));
        case 2 -> answer(engine.restart(service, OptionalInt.empty(), "restart"));
        default -> driver.crash(new InstanceId(service, 1));
      }
      assertThat(engine.instances()).hasSize(SERVICES.size());
      answered++;
    }
    return answered;
  }

  private static void answer(CompletionStage<List<String>> stage) throws Exception {
    try {
      assertThat(stage.toCompletableFuture().get(60, TimeUnit.SECONDS)).hasSize(1);
    } catch (ExecutionException e) {
      // somebody else stopped or crashed it meanwhile, and the answer says so
      assertThat(e.getCause()).isInstanceOf(SupervisionException.class);
    }
  }

  private static final class Silence implements Journal {
    @Override
    public void record(Entry entry) {}

    @Override
    public void decided(Decision decision) {}
  }

  /** Hosts that do everything at once. */
  private static final class InstantDriver implements InstanceDriver {
    final CompletableFuture<HostEvents> engine = new CompletableFuture<>();
    final Map<InstanceId, InstantHost> living = new ConcurrentHashMap<>();
    final AtomicInteger doubles = new AtomicInteger();
    private final AtomicInteger pids = new AtomicInteger(100);
    private final ExecutorService pool;

    InstantDriver(ExecutorService pool) {
      this.pool = pool;
    }

    void crash(InstanceId id) {
      InstantHost host = living.get(id);
      if (host != null) {
        host.end(137);
      }
    }

    @Override
    public CompletionStage<RunningProcess> launch(
        InstanceId id, long generation, boolean background) {
      return CompletableFuture.supplyAsync(
          () -> {
            InstantHost host = new InstantHost(this, id, pids.incrementAndGet());
            if (living.put(id, host) != null) {
              doubles.incrementAndGet();
            }
            engine.join().helloed(id, generation, Optional.empty());
            engine.join().ready(id, generation, OptionalInt.empty(), Optional.empty());
            return host;
          },
          pool);
    }

    @Override
    public boolean drain(InstanceId id, long generation, Duration timeout) {
      InstantHost host = living.get(id);
      if (host != null) {
        pool.execute(() -> host.end(0));
      }
      return host != null;
    }

    @Override
    public CompletionStage<Remains> ended(InstanceId id, long generation) {
      return CompletableFuture.completedFuture(Remains.NONE);
    }

    @Override
    public Setup setup(InstanceId id) {
      return new Setup(Path.of(id + ".sock"), Map.of(), List.of());
    }
  }

  private record InstantHost(
      InstantDriver driver, InstanceId id, long pid, CompletableFuture<Integer> onExit)
      implements RunningProcess {
    InstantHost(InstantDriver driver, InstanceId id, long pid) {
      this(driver, id, pid, new CompletableFuture<>());
    }

    void end(int exitCode) {
      driver.living.remove(id, this);
      onExit.complete(exitCode);
    }

    @Override
    public ProcessIdentity identity() {
      return new ProcessIdentity(pid, pid);
    }

    @Override
    public void terminate() {
      end(143);
    }

    @Override
    public void kill() {
      end(137);
    }
  }
}
