package blackhole.orchestrator.node;

import blackhole.api.host.Assignment;
import blackhole.api.host.AssignmentFile;
import blackhole.api.host.NodeHome;
import blackhole.api.process.AdoptedProcess;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessLauncher;
import blackhole.api.process.ProcessSpec;
import blackhole.api.process.RunningProcess;
import blackhole.api.supervision.InstanceId;
import blackhole.control.v1.Ready;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.control.CallTokens;
import blackhole.orchestrator.control.ControlSessions;
import blackhole.orchestrator.control.HostCredentials;
import blackhole.orchestrator.control.HostSession;
import blackhole.orchestrator.evidence.Findings;
import blackhole.orchestrator.evidence.Leftovers;
import blackhole.orchestrator.node.HostRecord.Duty;
import blackhole.orchestrator.plan.HostPlan;
import blackhole.orchestrator.registry.Registrar;
import blackhole.orchestrator.supervision.InstanceDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs hosts for the supervisor: one JVM for each generation of an instance, a warm spare where
 * there is one that fits. Thread-safe; what touches the disk or starts a process happens on the
 * executor.
 */
final class HostDriver implements InstanceDriver {
  private static final int LAST_LINES = 10;

  /** Of its output, where its last words are looked for: other threads may have gone on. */
  private static final int LAST_WORDS_LINES = 100;

  /** How long callers may take to turn away from an instance before it is told to drain. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  /**
   * How long a host may start behind all others. On a node that is never idle it would not get
   * READY otherwise, and be killed for that.
   */
  private static final Duration BACKGROUND = Duration.ofSeconds(5);

  /** What a host has left is removed so long after its end. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(1);

  private final NodeHome home;
  private final Supplier<NodeConfig> config;
  private final HostPlan plan;
  private final HostCommand command;
  private final ProcessLauncher processes;
  private final HostCredentials credentials;
  private final CallTokens callTokens;
  private final ControlSessions sessions;
  private final Registrar registrar;
  private final Farewell farewell;
  private final HostRecords records;
  private final HostFiles files;
  private final HostLimits limits;
  private final SpareKeeper spares;
  private final StrandedHosts stranded;
  private final Executor executor;

  /** Unique to this orchestrator, so that host ids differ from those of the one before. */
  private final String runId;

  private final Map<InstanceId, Run> runs = new ConcurrentHashMap<>();
  private final Map<String, Run> byHostId = new ConcurrentHashMap<>();

  private final Set<CompletableFuture<RunningProcess>> launches = ConcurrentHashMap.newKeySet();

  private final Set<Removal> removals = ConcurrentHashMap.newKeySet();

  /** Those that an earlier orchestrator started, by host id. */
  private final Map<String, AdoptedProcess> adopted = new ConcurrentHashMap<>();

  /**
   * Of what a host has left.
   *
   * @param due completes when it is to be done
   */
  private record Removal(CompletableFuture<Void> due, CompletableFuture<Void> done) {}

  /** One process of an instance. */
  record Run(InstanceId id, long generation, Assignment assignment) {
    String hostId() {
      return assignment.hostId();
    }
  }

  /** What a driver stands on; one record, because so much of the node meets here. */
  record Parts(
      NodeHome home,
      Supplier<NodeConfig> config,
      HostPlan plan,
      HostCommand command,
      ProcessLauncher processes,
      HostCredentials credentials,
      CallTokens callTokens,
      ControlSessions sessions,
      Registrar registrar,
      HostRecords records,
      HostFiles files,
      HostLimits limits,
      SpareKeeper spares,
      StrandedHosts stranded) {}

  HostDriver(Parts parts, String runId, Executor executor) {
    this.home = parts.home();
    this.config = parts.config();
    this.plan = parts.plan();
    this.command = parts.command();
    this.processes = parts.processes();
    this.credentials = parts.credentials();
    this.callTokens = parts.callTokens();
    this.sessions = parts.sessions();
    this.registrar = parts.registrar();
    this.farewell = new Farewell(registrar::withdraw, sessions, FAREWELL);
    this.records = parts.records();
    this.files = parts.files();
    this.limits = parts.limits();
    this.spares = parts.spares();
    this.stranded = parts.stranded();
    this.runId = runId;
    this.executor = executor;
  }

  @Override
  public CompletionStage<RunningProcess> launch(
      InstanceId id, long generation, boolean background) {
    CompletableFuture<RunningProcess> launch =
        begin(id, generation, background).toCompletableFuture();
    launches.add(launch);
    return launch.whenComplete((process, problem) -> launches.remove(launch));
  }

  /** Completes when all launches that are under way have come to an end. */
  CompletionStage<Void> launched() {
    return CompletableFuture.allOf(launches.toArray(CompletableFuture[]::new))
        .exceptionally(problem -> null);
  }

  private CompletionStage<RunningProcess> begin(
      InstanceId id, long generation, boolean background) {
    return stranded
        .gone(id)
        .thenApplyAsync(
            gone -> {
              try {
                return start(id, generation, background);
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            },
            executor);
  }

  private RunningProcess start(InstanceId id, long generation, boolean background)
      throws IOException {
    ServiceConfig service = service(id);
    Optional<SpareKeeper.Seized> spare = spares.take(id, service, plan.jvmFlags(service));
    return spare.isPresent()
        ? assign(id, generation, service, spare.get())
        : startCold(id, generation, service, background);
  }

  private RunningProcess assign(
      InstanceId id, long generation, ServiceConfig service, SpareKeeper.Seized spare)
      throws IOException {
    String hostId = spare.hostId();
    try {
      Assignment assignment = plan.assignment(id, service, hostId, generation, true);
      Path file = files.assignment(hostId);
      AssignmentFile.write(file, assignment);
      Duty duty = register(new Run(id, generation, assignment));
      records.assigned(hostId, duty, assignment.socket(), assignment.link());
      spare.assign(file);
      return spare.process();
    } catch (IOException | RuntimeException e) {
      // half an instance's, and of no use to another
      limits.ended(hostId);
      spares.discard(spare);
      throw e;
    }
  }

  private Duty register(Run run) {
    runs.put(run.id(), run);
    byHostId.put(run.hostId(), run);
    return new Duty(run.generation(), callTokens.issue(run.hostId(), run.id().toString()));
  }

  /**
   * A host of an earlier orchestrator is an instance's from now on, under the secrets that it and
   * others know already.
   */
  AdoptedProcess adopt(EarlierHost host) {
    HostRecord record = host.record();
    Run run = new Run(host.id(), host.duty().generation(), host.assignment());
    runs.put(run.id(), run);
    byHostId.put(run.hostId(), run);
    credentials.accept(run.hostId(), record.token());
    callTokens.accept(run.hostId(), run.id().toString(), host.duty().callToken());
    ProcessGroup group =
        limits.takeOver(run.id(), run.hostId(), record.process(), record.made().memoryBytes());
    AdoptedProcess process = processes.adopt(record.process(), group);
    adopted.put(run.hostId(), process);
    return process;
  }

  private RunningProcess startCold(
      InstanceId id, long generation, ServiceConfig service, boolean background)
      throws IOException {
    String hostId = id + "-" + runId + "-" + generation;
    Assignment assignment = plan.assignment(id, service, hostId, generation, true);
    Path file = files.assignment(hostId);
    AssignmentFile.write(file, assignment);
    Run run = new Run(id, generation, assignment);
    Duty duty = register(run);
    String token = credentials.issue(hostId);
    Spawn spawn = new Spawn(service, command.of(service, assignment, file), token, background);
    RunningProcess process = spawn(run, spawn);
    try {
      records.write(
          new HostRecord(
              hostId,
              process.identity(),
              token,
              assignment.socket(),
              assignment.link(),
              new HostRecord.Made(service.limits().maxMemoryBytes(), service.jvmArgs()),
              Optional.of(duty)));
    } catch (IOException e) {
      // nobody would find it again: better no process than one like that
      process.kill();
      throw e;
    }
    return process;
  }

  /** How the process of a run is made. */
  private record Spawn(
      ServiceConfig service, List<String> command, String token, boolean background) {}

  private RunningProcess spawn(Run run, Spawn how) throws IOException {
    ProcessGroup group =
        limits.create(run.id(), run.hostId(), how.service().limits(), how.background());
    if (how.background()) {
      Duration half = config.get().supervisor().startTimeout().dividedBy(2);
      long nanos = Math.min(half.toNanos(), BACKGROUND.toNanos());
      CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, executor)
          .execute(() -> limits.toForeground(run.hostId()));
    }
    try {
      return processes.launch(
          new ProcessSpec(
              how.command(),
              HostEnvironment.of(
                  System.getenv(), run.assignment(), home.controlSocket(), how.token()),
              home.root(),
              home.hostOutput(run.hostId()),
              Optional.of(group)));
    } catch (IOException e) {
      limits.ended(run.hostId());
      group.close();
      throw e;
    }
  }

  private ServiceConfig service(InstanceId id) {
    ServiceConfig service = config.get().services().get(id.service());
    if (service == null) {
      throw new IllegalArgumentException("there is no service " + id.service());
    }
    return service;
  }

  /** Whether a start of a service would be from a spare, if it waited for that. */
  boolean awaitsSpare(String service) {
    return config
        .get()
        .enabled(service)
        .filter(found -> spares.awaits(found, plan.jvmFlags(found)))
        .isPresent();
  }

  /** No spare is prepared from now on that nobody awaits, until {@link #releaseSpares}. */
  void holdSpares() {
    spares.hold();
  }

  void releaseSpares() {
    spares.release();
  }

  /** The run that a host belongs to; empty for one that is gone. */
  Optional<Run> run(String hostId) {
    return Optional.ofNullable(byHostId.get(hostId));
  }

  /** The present process of each instance that has one. */
  List<Run> runs() {
    return runs.values().stream().filter(run -> byHostId.containsKey(run.hostId())).toList();
  }

  /** Whether an earlier orchestrator started it. */
  boolean isAdopted(String hostId) {
    return adopted.containsKey(hostId);
  }

  /** The control session of an instance's present process. */
  Optional<HostSession> session(InstanceId id) {
    return Optional.ofNullable(runs.get(id)).flatMap(run -> sessions.find(run.hostId()));
  }

  /** What an instance's present process said when it was READY, once that is written down. */
  Optional<Ready> said(InstanceId id) {
    return Optional.ofNullable(runs.get(id)).flatMap(run -> files.notedReady(run.hostId()));
  }

  /** A spare calls. One that belongs to an instance has not heard of it, and is told again. */
  void reassign(HostSession spare) {
    run(spare.hostId()).ifPresent(run -> spare.assign(files.assignment(run.hostId())));
  }

  /** A host serves. Returns at once. */
  void ready(Run run, Ready said) {
    executor.execute(
        () -> {
          files.noteReady(run.hostId(), said);
          if (run(run.hostId()).isEmpty()) {
            // it has ended meanwhile, and what it left is gone already
            files.forgetReady(run.hostId());
          }
          limits.ready(run.hostId());
        });
  }

  /** A host's control stream has ended: the first sign of its end. */
  void lost(Run run) {
    AdoptedProcess process = adopted.get(run.hostId());
    if (process != null) {
      process.look();
    }
  }

  @Override
  public boolean drain(InstanceId id, long generation, Duration timeout) {
    @Nullable Run run = runs.get(id);
    if (run == null || run.generation() != generation) {
      return false;
    }
    return farewell.drain(id, run.hostId(), timeout);
  }

  @Override
  public CompletionStage<Remains> ended(InstanceId id, long generation) {
    @Nullable Run run = runs.get(id);
    if (run == null || run.generation() != generation) {
      return CompletableFuture.completedFuture(Remains.NONE);
    }
    credentials.revoke(run.hostId());
    callTokens.revoke(run.hostId());
    registrar.withdraw(id, run.hostId());
    CompletableFuture<Remains> remains =
        CompletableFuture.supplyAsync(() -> takeDown(run), executor);
    // callers wait for the successor, whose start needs the processor, and nobody for this
    CompletableFuture<Void> due =
        new CompletableFuture<Void>()
            .completeOnTimeout(null, AFTERWARDS.toNanos(), TimeUnit.NANOSECONDS);
    Removal removal =
        new Removal(
            due,
            remains
                .thenCombine(due, (found, now) -> found)
                .thenRunAsync(() -> remove(run), executor));
    removals.add(removal);
    removal.done().whenComplete((removed, problem) -> removals.remove(removal));
    return remains;
  }

  /** Completes when of all hosts that have ended nothing is left but their logs: soon. */
  CompletionStage<Void> removed() {
    List<Removal> open = List.copyOf(removals);
    open.forEach(removal -> removal.due().complete(null));
    return CompletableFuture.allOf(
            open.stream().map(Removal::done).toArray(CompletableFuture[]::new))
        .exceptionally(problem -> null);
  }

  /** Reads how it ended, and removes what others could still take for it. */
  private Remains takeDown(Run run) {
    Assignment assignment = run.assignment();
    // its output is its own, and may have what its log may not
    List<String> lines =
        LastLines.of(LAST_LINES, assignment.log(), home.hostOutput(run.hostId())).stream()
            .map(plan::redacted)
            .toList();
    Findings findings = findings(run.hostId());
    byHostId.remove(run.hostId());
    files.removeSocket(run.hostId(), assignment.socket(), assignment.link());
    adopted.remove(run.hostId());
    return new Remains(lines, findings, List.of());
  }

  private void remove(Run run) {
    files.remove(run.hostId());
    // last: whoever finds a record looks for the rest
    records.remove(run.hostId());
  }

  private Findings findings(String hostId) {
    return Leftovers.of(
        LastLines.of(LAST_WORDS_LINES, home.hostOutput(hostId)),
        home.hostCrashReport(hostId),
        home.hostHeapDump(hostId),
        limits.ended(hostId));
  }

  @Override
  public Setup setup(InstanceId id) {
    ServiceConfig service = service(id);
    return new Setup(
        // the next process may have another, if the configuration has changed
        Optional.ofNullable(runs.get(id))
            .filter(run -> byHostId.containsKey(run.hostId()))
            .map(run -> run.assignment().link())
            .orElseGet(() -> plan.link(service, id.instance())),
        EffectiveLimits.of(service.limits()),
        command.flags(service).stream().map(plan::redacted).toList());
  }
}
