package blackhole.orchestrator.update;

import blackhole.api.observe.Span;
import blackhole.api.observe.Step;
import blackhole.api.observe.Tracer;
import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.SupervisionException;
import blackhole.control.v1.Update;
import blackhole.control.v1.UpdateResult;
import blackhole.orchestrator.supervision.StandIn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A fleet whose instances are values, and which notes what was asked of it. */
final class Instances implements Fleet {
  final List<String> did = new ArrayList<>();
  final List<String> traceparents = new ArrayList<>();
  private final Map<InstanceId, InstanceStatus> all = new LinkedHashMap<>();
  Map<Integer, String> wrong = Map.of();
  String problem = "";
  boolean lost;
  int reserved;
  boolean starts = true;

  /** What a process serves that is started from now on. */
  Set<String> serves = Set.of("s.S/Get", "s.S/Put");

  private final Map<InstanceId, Set<String>> methods = new LinkedHashMap<>();

  /** Why no instance may stand in. */
  Optional<String> noStandIn = Optional.empty();

  /** One whose spans, and those below it, come here as they end. */
  static Step trace(List<Span> spans, String name) {
    Tracer tracer = new Tracer(spans::addAll);
    tracer.record(0);
    return Step.begin(tracer, name);
  }

  void add(int number, InstanceState state) {
    InstanceId id = new InstanceId("s", number);
    methods.put(id, serves);
    all.put(
        id,
        new InstanceStatus(
            id,
            state,
            InstanceHealth.HEALTHY,
            "",
            state == InstanceState.READY ? OptionalLong.of(number) : OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            Optional.empty(),
            Optional.empty(),
            Path.of("s.sock"),
            OptionalInt.empty(),
            Optional.of("1.0.0")));
  }

  @Override
  public List<InstanceStatus> instances() {
    return List.copyOf(all.values());
  }

  @Override
  public CompletionStage<UpdateResult> update(
      InstanceId id, Update order, Duration timeout, Consumer<String> progress) {
    did.add("update " + id.instance() + " to " + order.getFile());
    traceparents.add(order.getTraceparent());
    return lost
        ? CompletableFuture.failedFuture(new SupervisionException("the connection was lost"))
        : CompletableFuture.completedFuture(
            UpdateResult.newBuilder().setServing(true).setProblem(problem).build());
  }

  @Override
  public void reserve(String service) {
    reserved++;
  }

  @Override
  public void release(String service) {
    reserved--;
  }

  @Override
  public CompletionStage<StandIn> standIn(String service, String who) {
    if (noStandIn.isPresent()) {
      return CompletableFuture.completedFuture(new StandIn(Optional.empty(), noStandIn));
    }
    int number = all.size() + 1;
    did.add("stands in: " + number);
    add(number, starts ? InstanceState.READY : InstanceState.BACKOFF);
    return CompletableFuture.completedFuture(
        new StandIn(
            Optional.of(new InstanceId("s", number)),
            starts ? Optional.empty() : Optional.of("it did not start")));
  }

  @Override
  public CompletionStage<List<String>> dismiss(InstanceId id, String who) {
    did.add("goes: " + id.instance());
    all.remove(id);
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public boolean awaitsSpare(String service) {
    return false;
  }

  @Override
  public Optional<Set<String>> methods(InstanceId id) {
    return Optional.ofNullable(methods.get(id));
  }

  @Override
  public CompletionStage<List<String>> restart(InstanceId id, String who) {
    did.add("restart " + id.instance());
    add(id.instance(), starts ? InstanceState.READY : InstanceState.BACKOFF);
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public Optional<String> observe(InstanceId id, OptionalLong pid) {
    did.add("observe " + id.instance());
    return Optional.ofNullable(wrong.get(id.instance()));
  }
}
