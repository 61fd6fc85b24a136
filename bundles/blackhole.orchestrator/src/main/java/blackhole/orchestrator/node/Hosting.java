package blackhole.orchestrator.node;

import blackhole.api.host.NodeHome;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.Supervisor;
import blackhole.orchestrator.control.CallTokens;
import blackhole.orchestrator.control.ControlSessions;
import blackhole.orchestrator.control.HostCredentials;
import blackhole.orchestrator.distribution.ClassDataArchive;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.plan.HostPlan;
import blackhole.orchestrator.registry.Registrar;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * The processes of a node: what starts hosts and spares, holds them to limits, knows them and ends
 * them. Decides nothing; that is the supervisor's.
 */
final class Hosting {
  /** How long hosts of an earlier orchestrator may drain before they are killed. */
  private static final Duration STRANDED_PATIENCE = Duration.ofSeconds(10);

  /** As a host's; services differ in their heaps' sizes, which an archive does not mind. */
  private static final List<String> TRAINING_FLAGS = List.of("-Xmx64m", "-XX:+UseSerialGC");

  private final ControlSessions sessions = new ControlSessions();
  private final HostCredentials credentials = new HostCredentials();
  private final CallTokens callTokens = new CallTokens();
  private final ExecutorService workers;
  private final HostLimits limits;
  private final StrandedHosts stranded;
  private final SpareKeeper spares;
  private final HostDriver driver;
  private final ArchiveTrainer trainer;

  /**
   * @param runId sets this orchestrator's hosts apart from those of the one before
   * @param noteStart for the journal: how an instance got its process
   */
  Hosting(
      NodeHome home,
      LiveConfiguration live,
      HostPlan plan,
      Distribution distribution,
      Registrar registrar,
      Surroundings surroundings,
      String runId,
      ExecutorService workers,
      ScheduledExecutorService timers,
      BiConsumer<InstanceId, String> noteStart)
      throws IOException {
    this.workers = workers;
    HostFiles files = new HostFiles(home);
    HostRecords records = new HostRecords(home.state().resolve("hosts"));
    ClassDataArchive archive = ClassDataArchive.of(home.cache(), distribution);
    HostCommand command = new HostCommand(home, plan, distribution, archive);
    this.limits = new HostLimits(surroundings.limiter(), home.digest(), live::config);
    this.stranded =
        new StrandedHosts(records, surroundings.processes(), files, timers, limits::removeStranded);
    SpareLimits spareLimits =
        new SpareLimits(surroundings.limiter(), home.digest(), live::config, limits);
    AtomicBoolean stopping = new AtomicBoolean();
    this.spares =
        new SpareKeeper(
            SparePools.of(
                live.config(),
                plan,
                runId,
                model ->
                    new SpareHosts(
                        home,
                        model,
                        command,
                        surroundings.processes(),
                        credentials,
                        records,
                        files,
                        spareLimits,
                        stopping),
                workers,
                timers),
            spareLimits,
            sessions,
            surroundings.processSampler(),
            stopping,
            noteStart);
    this.driver =
        new HostDriver(
            new HostDriver.Parts(
                home,
                live::config,
                plan,
                command,
                surroundings.processes(),
                credentials,
                callTokens,
                sessions,
                registrar,
                records,
                files,
                limits,
                spares),
            runId,
            workers);
    this.trainer =
        new ArchiveTrainer(home, distribution, archive, surroundings.processes(), timers, files);
  }

  static String newRunId() {
    byte[] random = new byte[3];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /** Ends what an earlier orchestrator left, and waits for it; returns how many hosts. */
  int endStranded() throws IOException {
    int ended = stranded.end(STRANDED_PATIENCE).toCompletableFuture().join();
    limits.removeEmpty();
    return ended;
  }

  /** The node is up: makes ready what later starts are faster with. Returns at once. */
  void prepare(Supervisor supervisor) {
    // spares are to have the archive, and not to be in the way of its making
    workers.execute(
        () -> trainer.train(TRAINING_FLAGS).thenRunAsync(() -> spares.begin(supervisor), workers));
  }

  /** Ends what belongs to no instance; completes when nothing is left of it. */
  CompletionStage<Void> stopPreparing() {
    return trainer.close().thenCombine(spares.close(), (trained, spared) -> null);
  }

  HostDriver driver() {
    return driver;
  }

  HostLimits limits() {
    return limits;
  }

  SpareKeeper spares() {
    return spares;
  }

  ControlSessions sessions() {
    return sessions;
  }

  HostCredentials credentials() {
    return credentials;
  }

  CallTokens callTokens() {
    return callTokens;
  }
}
