package blackhole.bench.growth;

import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.RunningProcess;
import blackhole.api.registry.Idempotency;
import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.registry.Registrar;
import blackhole.orchestrator.supervision.HostEvents;
import blackhole.orchestrator.supervision.InstanceDriver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Hosts without processes: each says what a real one says, after as long as a real one takes. */
final class SimulatedHosts implements InstanceDriver {
  private static final Duration TO_HELLO = Duration.ofMillis(250);
  private static final Duration TO_READY = Duration.ofMillis(500);
  private static final int KILLED = 137;
  private static final int TERMINATED = 143;
  private static final Map<String, Idempotency> METHODS =
      Map.of(
          "blackhole.simulated.v1.Simulated/Get", Idempotency.NO_SIDE_EFFECTS,
          "blackhole.simulated.v1.Simulated/Put", Idempotency.IDEMPOTENT,
          "blackhole.simulated.v1.Simulated/Add", Idempotency.UNKNOWN);

  private final SimulatedTime time;
  private final Map<InstanceId, Setup> setups = new HashMap<>();
  private final Map<InstanceId, Host> running = new HashMap<>();
  private Optional<HostEvents> engine = Optional.empty();
  private Optional<Registrar> registrar = Optional.empty();
  private long pids = 100;

  SimulatedHosts(SimulatedTime time) {
    this.time = time;
  }

  /** Whom hosts talk to. */
  void connect(HostEvents events, Registrar registry) {
    engine = Optional.of(events);
    registrar = Optional.of(registry);
  }

  private static String hostId(InstanceId id, long generation) {
    return id + "-sim-" + generation;
  }

  @Override
  public CompletionStage<RunningProcess> launch(
      InstanceId id, long generation, boolean background) {
    Host host = new Host(id, generation, new ProcessIdentity(++pids, pids));
    running.put(id, host);
    time.schedule(TO_HELLO, host::hello);
    time.schedule(TO_READY, host::ready);
    return CompletableFuture.completedFuture(host);
  }

  @Override
  public boolean drain(InstanceId id, long generation, Duration timeout) {
    return false;
  }

  @Override
  public CompletionStage<Remains> ended(InstanceId id, long generation) {
    return CompletableFuture.completedFuture(Remains.NONE);
  }

  @Override
  public Setup setup(InstanceId id) {
    return setups.computeIfAbsent(
        id, key -> new Setup(Path.of("/home/run/" + key + ".sock"), Map.of(), List.of()));
  }

  /** Those that there are, in no order. */
  List<InstanceId> present() {
    return new ArrayList<>(running.keySet());
  }

  /** A process dies; whether there was one. */
  boolean kill(InstanceId id) {
    Host host = running.get(id);
    if (host == null) {
      return false;
    }
    host.kill();
    return true;
  }

  private final class Host implements RunningProcess {
    private final InstanceId id;
    private final long generation;
    private final ProcessIdentity identity;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    Host(InstanceId id, long generation, ProcessIdentity identity) {
      this.id = id;
      this.generation = generation;
      this.identity = identity;
    }

    void hello() {
      if (!exit.isDone()) {
        engine.orElseThrow().helloed(id, generation, Optional.of("archive in use"));
      }
    }

    /** As the control bridge does it: the registrar hears first. */
    void ready() {
      if (!exit.isDone()) {
        registrar.orElseThrow().ready(id, hostId(id, generation), OptionalInt.empty(), METHODS);
        engine.orElseThrow().ready(id, generation, OptionalInt.empty(), Optional.of("1.0.0"));
      }
    }

    private void end(int code) {
      if (exit.complete(code)) {
        running.remove(id, this);
        var unused = registrar.orElseThrow().withdraw(id, hostId(id, generation));
      }
    }

    @Override
    public ProcessIdentity identity() {
      return identity;
    }

    @Override
    public CompletionStage<Integer> onExit() {
      return exit;
    }

    @Override
    public void terminate() {
      end(TERMINATED);
    }

    @Override
    public void kill() {
      end(KILLED);
    }
  }
}
