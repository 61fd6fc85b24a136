package blackhole.orchestrator.node;

import blackhole.api.host.Assignment;
import blackhole.api.host.AssignmentFile;
import blackhole.api.host.NodeHome;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessLauncher;
import blackhole.api.process.ProcessSpec;
import blackhole.api.process.RunningProcess;
import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.control.CallTokens;
import blackhole.orchestrator.control.ControlSessions;
import blackhole.orchestrator.control.HostCredentials;
import blackhole.orchestrator.control.HostSession;
import blackhole.orchestrator.evidence.Findings;
import blackhole.orchestrator.evidence.Leftovers;
import blackhole.orchestrator.plan.HostPlan;
import blackhole.orchestrator.registry.Registrar;
import blackhole.orchestrator.supervision.InstanceDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
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
  private final Executor executor;

  /** Unique to this orchestrator, so that host ids differ from those of the one before. */
  private final String runId;

  private final Map<InstanceId, Run> runs = new ConcurrentHashMap<>();
  private final Map<String, Run> byHostId = new ConcurrentHashMap<>();

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
      SpareKeeper spares) {}

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
    this.runId = runId;
    this.executor = executor;
  }

  @Override
  public CompletionStage<RunningProcess> launch(InstanceId id, long generation) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return start(id, generation);
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        },
        executor);
  }

  private RunningProcess start(InstanceId id, long generation) throws IOException {
    ServiceConfig service = service(id);
    Optional<SpareKeeper.Seized> spare = spares.take(id, service, plan.jvmFlags(service));
    return spare.isPresent()
        ? assign(id, generation, service, spare.get())
        : startCold(id, generation, service);
  }

  private RunningProcess assign(
      InstanceId id, long generation, ServiceConfig service, SpareKeeper.Seized spare)
      throws IOException {
    String hostId = spare.hostId();
    try {
      Assignment assignment = plan.assignment(id, service, hostId, generation, true);
      Path file = files.assignment(hostId);
      AssignmentFile.write(file, assignment);
      records.assigned(hostId, assignment.socket(), assignment.link());
      register(new Run(id, generation, assignment));
      spare.assign(file);
      return spare.process();
    } catch (IOException | RuntimeException e) {
      // half an instance's, and of no use to another
      limits.ended(hostId);
      spares.discard(spare);
      throw e;
    }
  }

  private void register(Run run) {
    runs.put(run.id(), run);
    byHostId.put(run.hostId(), run);
    callTokens.issue(run.hostId(), run.id().toString());
  }

  private RunningProcess startCold(InstanceId id, long generation, ServiceConfig service)
      throws IOException {
    String hostId = id + "-" + runId + "-" + generation;
    Assignment assignment = plan.assignment(id, service, hostId, generation, true);
    Path file = files.assignment(hostId);
    AssignmentFile.write(file, assignment);
    Run run = new Run(id, generation, assignment);
    register(run);
    String token = credentials.issue(hostId);
    RunningProcess process = spawn(run, service, command.of(service, assignment, file), token);
    try {
      records.write(
          new HostRecord(
              hostId, process.identity(), token, assignment.socket(), assignment.link()));
    } catch (IOException e) {
      // nobody would find it again: better no process than one like that
      process.kill();
      throw e;
    }
    return process;
  }

  private RunningProcess spawn(Run run, ServiceConfig service, List<String> command, String token)
      throws IOException {
    ProcessGroup group = limits.create(run.id(), run.hostId(), service.limits());
    try {
      return processes.launch(
          new ProcessSpec(
              command,
              HostEnvironment.of(System.getenv(), run.assignment(), home.controlSocket(), token),
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

  /** The run that a host belongs to; empty for one that is gone. */
  Optional<Run> run(String hostId) {
    return Optional.ofNullable(byHostId.get(hostId));
  }

  /** The control session of an instance's present process. */
  Optional<HostSession> session(InstanceId id) {
    return Optional.ofNullable(runs.get(id)).flatMap(run -> sessions.find(run.hostId()));
  }

  /** A spare calls. One that belongs to an instance has not heard of it, and is told again. */
  void reassign(HostSession spare) {
    run(spare.hostId()).ifPresent(run -> spare.assign(files.assignment(run.hostId())));
  }

  /** A host serves. Returns at once. */
  void ready(Run run) {
    executor.execute(() -> limits.ready(run.hostId()));
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
    return CompletableFuture.supplyAsync(() -> cleanUp(run), executor);
  }

  private Remains cleanUp(Run run) {
    Assignment assignment = run.assignment();
    List<String> lines = LastLines.of(LAST_LINES, assignment.log(), home.hostOutput(run.hostId()));
    Findings findings = findings(run.hostId());
    files.remove(run.hostId(), assignment.socket(), assignment.link());
    records.remove(run.hostId());
    byHostId.remove(run.hostId());
    return new Remains(lines, findings, List.of());
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
        plan.link(service, id.instance()),
        EffectiveLimits.of(service.limits()),
        command.flags(service));
  }
}
