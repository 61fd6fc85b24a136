package blackhole.orchestrator.supervision;

import blackhole.api.process.RunningProcess;
import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.evidence.Findings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Hosts without processes. Unless told otherwise they get READY in {@link #startTime}. */
final class FakeDriver implements InstanceDriver {
  final VirtualTime time;

  /** What a host does when it is started, by service. */
  final Map<String, Consumer<FakeHost>> behaviour = new HashMap<>();

  /** All that were ever started, in order. */
  final List<FakeHost> hosts = new ArrayList<>();

  final List<String> adopted = new ArrayList<>();

  /** Of whose processes all others go first. */
  final List<String> inBackground = new ArrayList<>();

  Duration startTime = Duration.ofMillis(400);
  Duration drainTime = Duration.ofMillis(100);
  Duration spawnTime = Duration.ZERO;
  Optional<String> spawnProblem = Optional.empty();
  Findings findings = Findings.NONE;
  boolean looksAtRemains = true;
  int mostStarting;

  private Optional<HostEvents> events = Optional.empty();

  FakeDriver(VirtualTime time) {
    this.time = time;
  }

  void connect(HostEvents engine) {
    events = Optional.of(engine);
  }

  HostEvents events() {
    return events.orElseThrow();
  }

  void becomesReady(FakeHost host) {
    host.after(startTime.dividedBy(2), host::hello);
    host.after(startTime, host::ready);
  }

  @Override
  public CompletionStage<RunningProcess> launch(
      InstanceId id, long generation, boolean background) {
    if (spawnProblem.isPresent()) {
      return CompletableFuture.failedFuture(new IOException(spawnProblem.get()));
    }
    if (hosts.stream().anyMatch(host -> host.lives() && host.id.equals(id))) {
      throw new AssertionError("two processes of " + id + " at a time");
    }
    CompletableFuture<RunningProcess> launched = new CompletableFuture<>();
    time.schedule(
        spawnTime,
        () -> {
          long pid = 100L + hosts.size();
          FakeHost host = new FakeHost(this, id, generation, pid, time.nanoTime());
          hosts.add(host);
          if (background) {
            inBackground.add(id + "." + generation);
          }
          mostStarting =
              Math.max(mostStarting, (int) hosts.stream().filter(FakeHost::isStarting).count());
          launched.complete(host);
          behaviour.getOrDefault(id.service(), this::becomesReady).accept(host);
        });
    return launched;
  }

  /** One that an earlier orchestrator started. It says nothing by itself. */
  FakeHost found(InstanceId id, long generation) {
    FakeHost host = new FakeHost(this, id, generation, 100L + hosts.size(), time.nanoTime());
    hosts.add(host);
    return host;
  }

  @Override
  public void adopted(InstanceId id, long generation, RunningProcess process) {
    adopted.add(id + "." + generation + " pid " + process.identity().pid());
  }

  @Override
  public boolean drain(InstanceId id, long generation, Duration timeout) {
    return host(id).drain(timeout);
  }

  @Override
  public CompletionStage<Remains> ended(InstanceId id, long generation) {
    if (!looksAtRemains) {
      return new CompletableFuture<>();
    }
    return CompletableFuture.completedFuture(
        new Remains(List.of("last words of " + id + "." + generation), findings, List.of()));
  }

  @Override
  public Setup setup(InstanceId id) {
    return new Setup(
        Path.of("/home/run/" + id + ".sock"), Map.of("max_memory", "256MB"), List.of("-Xmx128m"));
  }

  /** The newest of an instance. */
  FakeHost host(InstanceId id) {
    return hosts.stream()
        .filter(host -> host.id.equals(id))
        .reduce((older, newer) -> newer)
        .orElseThrow();
  }

  List<FakeHost> hosts(String service) {
    return hosts.stream().filter(host -> host.id.service().equals(service)).toList();
  }

  List<FakeHost> living() {
    return hosts.stream().filter(FakeHost::lives).toList();
  }
}
