package blackhole.orchestrator.node;

import blackhole.api.host.NodeHome;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.SupervisionException;
import blackhole.api.supervision.Supervisor;
import blackhole.api.supervision.Updates;
import blackhole.control.v1.Update;
import blackhole.control.v1.UpdateResult;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.SupervisorConfig;
import blackhole.orchestrator.control.HostSession;
import blackhole.orchestrator.plan.ServiceBundles;
import blackhole.orchestrator.supervision.HealthProbe;
import blackhole.orchestrator.supervision.Journal;
import blackhole.orchestrator.update.Fleet;
import blackhole.orchestrator.update.Observation;
import blackhole.orchestrator.update.Updater;
import blackhole.orchestrator.versions.VersionStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/** The updates of a node: its instances and its hosts, as a rollout sees them. Thread-safe. */
final class NodeUpdates implements Fleet {
  private final Supervisor supervisor;
  private final HostDriver driver;
  private final Observation observation;

  private NodeUpdates(Supervisor supervisor, HostDriver driver, Observation observation) {
    this.supervisor = supervisor;
    this.driver = driver;
    this.observation = observation;
  }

  /**
   * @param executor with one thread
   */
  static Updates of(
      NodeHome home,
      LiveConfiguration live,
      ServiceBundles bundles,
      Supervisor supervisor,
      HostDriver driver,
      HealthProbe probe,
      Journal journal,
      ExecutorService executor) {
    SupervisorConfig settings = live.config().supervisor();
    Observation observation =
        new Observation(
            supervisor::instances,
            probe,
            settings.updateObservation(),
            settings.healthCheckTimeout());
    return new Updater(
        new Updater.Parts(
            name ->
                Optional.ofNullable(live.config().services().get(name))
                    .filter(ServiceConfig::enabled),
            bundles,
            new VersionStore(home, settings.versionsKept()),
            new NodeUpdates(supervisor, driver, observation),
            settings.startTimeout(),
            Clock.systemUTC(),
            (service, words, who, warning) ->
                journal.decided(
                    new Journal.Decision(
                        Instant.now(), service, Journal.Topic.UPDATE, words, who, warning)),
            executor));
  }

  @Override
  public List<InstanceStatus> instances() {
    return supervisor.instances();
  }

  @Override
  public CompletionStage<UpdateResult> update(
      InstanceId id, Update order, Duration timeout, Consumer<String> progress) {
    Optional<HostSession> session = driver.session(id);
    return session.isPresent()
        ? session.get().update(order, timeout, progress)
        : CompletableFuture.failedFuture(
            new SupervisionException("it has no host that is connected; see: ps"));
  }

  @Override
  public CompletionStage<List<String>> restart(InstanceId id, String who) {
    return supervisor.restart(id.service(), OptionalInt.of(id.instance()), who);
  }

  @Override
  public Optional<String> observe(InstanceId id, OptionalLong pid) throws InterruptedException {
    return observation.watch(id, pid);
  }
}
