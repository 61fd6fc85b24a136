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
import blackhole.orchestrator.supervision.Adoption;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The processes of a node: what starts hosts and spares, holds them to limits, knows them and ends
 * them. Decides nothing; that is the supervisor's.
 */
final class Hosting {
  /** How long hosts of an earlier orchestrator may drain before they are killed. */
  private static final Duration STRANDED_PATIENCE = Duration.ofSeconds(10);

  /** After the kill, which ends the patience, their groups are empty and removed. */
  private static final Duration STRANDED_END = Duration.ofSeconds(20);

  /** Longer than hosts rest between two looks for their orchestrator. */
  private static final Duration REUNION_PATIENCE = Duration.ofSeconds(3);

  /** As a host's; services differ in their heaps' sizes, which an archive does not mind. */
  private static final List<String> TRAINING_FLAGS = List.of("-Xmx64m", "-XX:+UseSerialGC");

  private final ControlSessions sessions = new ControlSessions();
  private final HostCredentials credentials = new HostCredentials();
  private final CallTokens callTokens = new CallTokens();
  private final ExecutorService workers;
  private final HostLimits limits;
  private final EarlierHosts earlier;
  private final StrandedHosts stranded;
  private final Reunion reunion;
  private final SpareKeeper spares;
  private final HostDriver driver;
  private final ArchiveTrainer trainer;

  /** With how many; completes when nothing is left of those that did not stay. */
  private final CompletableFuture<Integer> strandedEnd = new CompletableFuture<>();

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
    this.earlier = new EarlierHosts(records, files, surroundings.processes(), live.config(), plan);
    this.stranded =
        new StrandedHosts(
            records, surroundings.processes(), files, timers, workers, limits::removeStranded);
    this.reunion = new Reunion(hostId -> sessions.find(hostId).isPresent(), timers);
    SpareLimits spareLimits =
        new SpareLimits(surroundings.limiter(), home.digest(), live::config, limits);
    AtomicBoolean stopping = new AtomicBoolean();
    this.spares =
        new SpareKeeper(
            SparePools.of(
                live::config,
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
            new SpareRefill(),
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
                spares,
                stranded),
            runId,
            workers);
    this.trainer =
        new ArchiveTrainer(
            home, distribution, archive, surroundings.processes(), timers, files, records, runId);
  }

  static String newRunId() {
    byte[] random = new byte[3];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /**
   * What an earlier orchestrator left. Whose place is not to be taken yet is known from now on.
   *
   * @param unwanted whether an instance was to be down
   */
  EarlierHosts.Found findEarlier(Predicate<InstanceId> unwanted) throws IOException {
    EarlierHosts.Found found = earlier.find(unwanted);
    limits.removeEmpty(Set.copyOf(found.hostIds()));
    stranded.expect(found.leaving(), found.sockets());
    return found;
  }

  /** Takes over those that stay. */
  List<Adoption> adopt(EarlierHosts.Found found) {
    return found.staying().stream()
        .map(
            host ->
                new Adoption(host.id(), host.duty().generation(), driver.adopt(host), host.age()))
        .toList();
  }

  /**
   * Ends those that do not stay, once those that do know of it, or had time to.
   *
   * @return how many were ended
   */
  CompletionStage<Integer> endStranded(EarlierHosts.Found found) {
    List<String> staying = found.staying().stream().map(host -> host.record().hostId()).toList();
    reunion
        .of(
            staying,
            found.leaving().stream().anyMatch(EarlierHosts.Leaving::lives)
                ? REUNION_PATIENCE
                : Duration.ZERO)
        .thenCompose(together -> stranded.end(found.leaving(), STRANDED_PATIENCE))
        .whenComplete((ended, problem) -> strandedEnd.complete(ended == null ? 0 : ended));
    return strandedEnd;
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

  /** As {@link #stopPreparing}; and what is being started is a recorded process then, or none. */
  CompletionStage<Void> settle() {
    return stopPreparing().thenCombine(driver.launched(), (unprepared, launched) -> null);
  }

  /**
   * Completes when nothing is left of hosts that have ended, of an earlier orchestrator's too. For
   * the end of the node, as whoever comes next finds no record of them.
   */
  CompletionStage<Void> removed() {
    return driver
        .removed()
        .thenCombine(
            strandedEnd.completeOnTimeout(0, STRANDED_END.toNanos(), TimeUnit.NANOSECONDS),
            (removed, ended) -> removed)
        // of a process that was begun and never recorded, or has lost a controller meanwhile
        .thenRunAsync(() -> limits.removeEmpty(Set.of()), workers);
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
