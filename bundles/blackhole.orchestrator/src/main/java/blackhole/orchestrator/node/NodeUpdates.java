package blackhole.orchestrator.node;

import blackhole.api.host.NodeHome;
import blackhole.api.observe.Tracer;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.SupervisionException;
import blackhole.control.v1.Method;
import blackhole.control.v1.Update;
import blackhole.control.v1.UpdateResult;
import blackhole.orchestrator.config.SupervisorConfig;
import blackhole.orchestrator.control.HostSession;
import blackhole.orchestrator.plan.ServiceBundles;
import blackhole.orchestrator.supervision.HealthProbe;
import blackhole.orchestrator.supervision.Journal;
import blackhole.orchestrator.supervision.StandIn;
import blackhole.orchestrator.supervision.SupervisorEngine;
import blackhole.orchestrator.trust.BundleTrust;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The updates of a node: its instances and its hosts, as a rollout sees them. Thread-safe. */
final class NodeUpdates implements Fleet {
  private final SupervisorEngine supervisor;
  private final HostDriver driver;
  private final Observation observation;

  private NodeUpdates(SupervisorEngine supervisor, HostDriver driver, Observation observation) {
    this.supervisor = supervisor;
    this.driver = driver;
    this.observation = observation;
  }

  /**
   * @param executor with one thread
   */
  static Updater of(
      NodeHome home,
      LiveConfiguration live,
      ServiceBundles bundles,
      SupervisorEngine supervisor,
      HostDriver driver,
      HealthProbe probe,
      Journal journal,
      Tracer tracer,
      BundleTrust trust,
      ExecutorService executor) {
    Supplier<SupervisorConfig> settings = () -> live.config().supervisor();
    Observation observation =
        new Observation(
            supervisor::instances,
            probe,
            () -> settings.get().updateObservation(),
            () -> settings.get().healthCheckTimeout());
    return new Updater(
        new Updater.Parts(
            name -> live.config().enabled(name),
            bundles,
            new VersionStore(home, () -> settings.get().versionsKept()),
            new NodeUpdates(supervisor, driver, observation),
            () -> settings.get().startTimeout(),
            Clock.systemUTC(),
            (service, words, who, warning) ->
                journal.decided(
                    new Journal.Decision(
                        Instant.now(), service, Journal.Topic.UPDATE, words, who, warning)),
            tracer,
            trust,
            live.config().bundles().sources(),
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
  public void reserve(String service) {
    supervisor.reserve(service);
    driver.holdSpares();
  }

  @Override
  public void release(String service) {
    supervisor.release(service);
    driver.releaseSpares();
  }

  @Override
  public CompletionStage<StandIn> standIn(String service, String who) {
    return supervisor.standIn(service, who);
  }

  @Override
  public CompletionStage<List<String>> dismiss(InstanceId id, String who) {
    return supervisor.dismiss(id, who);
  }

  @Override
  public boolean awaitsSpare(String service) {
    return driver.awaitsSpare(service);
  }

  @Override
  public Optional<Set<String>> methods(InstanceId id) {
    return driver
        .said(id)
        .map(
            ready ->
                ready.getMethodsList().stream().map(Method::getName).collect(Collectors.toSet()));
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
