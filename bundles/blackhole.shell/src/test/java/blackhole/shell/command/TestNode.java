package blackhole.shell.command;

import blackhole.api.shell.LineResult;
import blackhole.api.supervision.Failure;
import blackhole.api.supervision.FailureKind;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.InstanceDetails;
import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceLimit;
import blackhole.api.supervision.InstanceLimits;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.JvmUsage;
import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.PastUsage.Past;
import blackhole.api.supervision.Pressure;
import blackhole.api.supervision.ProcessUsage;
import blackhole.api.supervision.Reloading;
import blackhole.api.supervision.Samples;
import blackhole.api.supervision.Spares;
import blackhole.api.supervision.StateHistory;
import blackhole.api.supervision.SupervisionException;
import blackhole.api.supervision.Supervisor;
import blackhole.api.supervision.Updates;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A node with two services, as the commands see it. */
public final class TestNode
    implements Supervisor,
        NodeConfiguration,
        Hosts,
        InstanceLimits,
        Samples,
        Pressure,
        Reloading,
        StateHistory,
        Updates,
        Spares {
  private static final Instant SAMPLED_AT = Instant.parse("2026-03-04T05:07:08.009Z");

  public final List<String> asked = new CopyOnWriteArrayList<>();
  public final Map<InstanceId, InstanceStatus> instances = new LinkedHashMap<>();
  public CompletionStage<LineResult> answer =
      CompletableFuture.completedFuture(new LineResult(0, "", ""));
  public final TestDirectory directory = new TestDirectory();
  public final TestCaller caller = new TestCaller();
  public final TestTraces traces = new TestTraces();
  public List<CallerReport> reports = List.of();
  public List<Signal> pressure = List.of();
  public List<InstanceId> updating = List.of();
  public Report report = new Report("n.yaml", List.of(), List.of(), List.of(), List.of());
  public List<Spare> spares = List.of();
  public List<Event> events = List.of();
  public final TestStream stream = new TestStream();

  /** What instances used, and which times were asked for. */
  public List<Past> past = List.of();

  public final List<String> pastAsked = new ArrayList<>();
  public final TestAlerts alerts = new TestAlerts();
  public List<Version> versions = List.of();
  public CompletionStage<List<String>> outcome =
      CompletableFuture.completedFuture(List.of("identity: updated"));
  private final Path home;

  /** How often somebody looked, to the finest depth. */
  public final AtomicInteger looks = new AtomicInteger();

  public TestNode(Path home) {
    this.home = home;
    put(running("identity", 1, 4711));
    put(running("identity", 2, 4712));
    put(failed("cache-2", 1));
  }

  private List<Past> pastOf(Optional<String> service, Duration back) {
    pastAsked.add(service.orElse("all") + " " + back);
    return past;
  }

  private void put(InstanceStatus status) {
    instances.put(status.id(), status);
  }

  private InstanceStatus running(String service, int instance, long pid) {
    return new InstanceStatus(
        new InstanceId(service, instance),
        InstanceState.READY,
        InstanceHealth.HEALTHY,
        "",
        OptionalLong.of(pid),
        Optional.of(Instant.parse("2026-03-04T05:06:07Z")),
        Optional.of(Duration.ofSeconds(192)),
        1,
        Optional.of(Instant.parse("2026-03-04T05:06:06.5Z")),
        Optional.of("was killed (SIGKILL)"),
        home.resolve("run").resolve(service + "-" + instance + ".sock"),
        OptionalInt.of(50001),
        Optional.of("0.1.0"));
  }

  private InstanceStatus failed(String service, int instance) {
    return new InstanceStatus(
        new InstanceId(service, instance),
        InstanceState.FAILED,
        InstanceHealth.DOWN,
        "ended too often",
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        5,
        Optional.empty(),
        Optional.empty(),
        home.resolve("run").resolve(service + "-" + instance + ".sock"),
        OptionalInt.empty(),
        Optional.empty());
  }

  public List<CommandGroup> groups() {
    return List.of(
        new PsCommand(this, this, this, this, this, this),
        new InfoCommand(this, this, this, this),
        new TopCommand(this, this, (service, back) -> pastOf(service, back)),
        new LifecycleCommands(this, this),
        new HealthCommand(this),
        new LogsCommand(this, this),
        new ConfigCommand(this),
        new LimitsCommand(this, this),
        new ReloadCommand(this),
        new JournalCommand(this, this),
        new EventsCommand(stream),
        new AlertCommands(alerts),
        new UpdateCommands(this, this),
        new InCommand(this, this),
        new DumpCommand(this, this, this),
        new LogCommand(this, this),
        new DoctorCommand(this, this, this, this, this),
        endpoints(),
        outgoing(),
        call(),
        trace());
  }

  @Override
  public CompletionStage<List<String>> update(
      String service, Path file, Options options, String who, Consumer<String> progress) {
    asked.add("update " + service + " " + file + " " + options + " " + who);
    progress.accept(service + "-1: starts");
    progress.accept(service + "-1: serves");
    return outcome;
  }

  @Override
  public CompletionStage<List<String>> fetch(
      String service,
      String url,
      String sha256,
      Options options,
      String who,
      Consumer<String> progress) {
    asked.add("fetch " + service + " " + url + " " + sha256 + " " + options + " " + who);
    return outcome;
  }

  @Override
  public CompletionStage<List<String>> rollback(
      String service, boolean builtin, boolean rolling, String who, Consumer<String> progress) {
    asked.add("rollback " + service + " " + builtin + " " + rolling + " " + who);
    progress.accept(service + "-1: goes back");
    return outcome;
  }

  @Override
  public CompletionStage<List<String>> replace(
      String service, String who, Consumer<String> progress) {
    asked.add("replace " + service + " " + who);
    progress.accept(service + "-1: is replaced");
    return outcome;
  }

  @Override
  public List<Version> history(String service) {
    return versions;
  }

  @Override
  public List<InstanceId> underWay() {
    return updating;
  }

  @Override
  public List<Event> events() {
    return events;
  }

  @Override
  public List<Signal> signals() {
    return pressure;
  }

  @Override
  public CompletionStage<Report> reload(String who, Consumer<String> progress) {
    asked.add("reload by " + who);
    progress.accept("identity: gets new processes");
    return CompletableFuture.completedFuture(report);
  }

  @Override
  public Report preview() {
    asked.add("preview");
    return report;
  }

  private EndpointsCommand endpoints() {
    EndpointsCommand command = new EndpointsCommand();
    command.directory = directory;
    return command;
  }

  private OutgoingCommands outgoing() {
    OutgoingCommands commands = new OutgoingCommands(this);
    commands.directory = directory;
    return commands;
  }

  private TraceCommand trace() {
    TraceCommand command = new TraceCommand(this);
    command.directory = directory;
    command.caller = caller;
    command.traces = traces;
    return command;
  }

  private CallCommand call() {
    CallCommand command = new CallCommand(this);
    command.directory = directory;
    command.caller = caller;
    return command;
  }

  @Override
  public List<Spare> spares() {
    return spares;
  }

  @Override
  public List<InstanceStatus> instances() {
    return new ArrayList<>(instances.values());
  }

  @Override
  public Optional<InstanceDetails> details(InstanceId id) {
    return Optional.ofNullable(instances.get(id))
        .map(
            status ->
                new InstanceDetails(
                    status,
                    List.of(
                        new Failure(
                            Instant.parse("2026-03-04T05:06:00Z"),
                            FailureKind.KILLED,
                            OptionalInt.of(137),
                            Optional.of("SIGKILL"),
                            "killed from outside",
                            Duration.ofMillis(1500),
                            List.of("last words"),
                            Optional.of(Path.of("/home/log/hs_err_" + id + "-x-1.log")),
                            Optional.empty(),
                            List.of(lastSample(id)))),
                    Map.of("max_memory", "256MB"),
                    List.of("-Xmx128m"),
                    List.of("storage"),
                    false,
                    Optional.of("in use"),
                    InstanceDetails.Counts.NONE));
  }

  @Override
  public CompletionStage<List<String>> start(String service, OptionalInt instance, String who) {
    return move("start", service, instance, who);
  }

  @Override
  public CompletionStage<List<String>> stop(String service, OptionalInt instance, String who) {
    return move("stop", service, instance, who);
  }

  @Override
  public CompletionStage<List<String>> restart(String service, OptionalInt instance, String who) {
    return move("restart", service, instance, who);
  }

  @Override
  public CompletionStage<List<String>> scale(String service, int instances, String who) {
    asked.add("scale " + service + " " + instances + " " + who);
    return CompletableFuture.completedFuture(List.of(service + ": scaled"));
  }

  private CompletionStage<List<String>> move(
      String what, String service, OptionalInt instance, String who) {
    asked.add(what + " " + service + " " + instance + " " + who);
    return service.equals("cache-2")
        ? CompletableFuture.failedFuture(new SupervisionException("it did not get ready"))
        : CompletableFuture.completedFuture(List.of(service + ": done"));
  }

  @Override
  public AutoCloseable watch(Consumer<InstanceStatus> watcher) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String nodeId() {
    return "node-a";
  }

  @Override
  public Path home() {
    return home;
  }

  @Override
  public Optional<Path> file() {
    return Optional.empty();
  }

  @Override
  public List<Setting> settings(Optional<String> service) {
    return List.of(
            new Setting("services.identity.instances", "2", "default"),
            new Setting("services.storage.enabled", "false", "blackhole.yaml:3"),
            new Setting("supervisor.start_timeout", "30s", "default"))
        .stream()
        .filter(
            setting ->
                service.isEmpty() || setting.key().startsWith("services." + service.get() + "."))
        .toList();
  }

  @Override
  public CompletionStage<LineResult> execute(InstanceId id, String line) {
    asked.add(id + " " + line);
    return answer;
  }

  private static ProcessUsage lastSample(InstanceId id) {
    return new ProcessUsage(
        id,
        99,
        Instant.parse("2026-03-04T05:05:55Z"),
        1 << 20,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalDouble.empty(),
        42,
        7,
        Optional.empty(),
        Duration.ZERO,
        Optional.empty());
  }

  /** The first instance is known in all detail, the second hardly. */
  @Override
  public List<ProcessUsage> look(Depth depth) {
    boolean full = depth == Depth.FULL;
    int look = full ? looks.incrementAndGet() : looks.get();
    ProcessUsage first =
        new ProcessUsage(
            new InstanceId("identity", 1),
            4711,
            SAMPLED_AT,
            85983232,
            full ? OptionalLong.of(61L << 20) : OptionalLong.empty(),
            OptionalLong.of(256L << 20),
            OptionalDouble.of(0.125),
            40 + look,
            30,
            Optional.empty(),
            Duration.ZERO,
            Optional.of(
                new JvmUsage(
                    20L << 20,
                    128L << 20,
                    OptionalLong.empty(),
                    1,
                    2,
                    3,
                    Duration.ZERO,
                    25,
                    OptionalInt.of(7))));
    ProcessUsage second =
        new ProcessUsage(
            new InstanceId("identity", 2),
            4712,
            SAMPLED_AT,
            1000,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalDouble.empty(),
            5,
            6,
            Optional.empty(),
            Duration.ZERO,
            Optional.empty());
    return List.of(first, second);
  }

  @Override
  public Optional<ProcessUsage> newest(InstanceId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<ProcessUsage> history(InstanceId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<List<CallerReport>> outgoingCalls() {
    return CompletableFuture.completedFuture(reports);
  }

  @Override
  public CompletionStage<List<HostMetrics>> metrics() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, Map<Outcome, Long>> counts() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Hits hits() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<InstanceLimit> limits() {
    List<InstanceLimit> limits = new ArrayList<>();
    for (InstanceId id : instances.keySet()) {
      limits.add(
          new InstanceLimit(
              id, "max_memory", "256MB", Optional.of("cgroup v2 memory.max"), Optional.empty()));
      limits.add(
          new InstanceLimit(
              id, "io_priority", "-5", Optional.empty(), Optional.of("no ionice on PATH")));
    }
    return limits;
  }
}
