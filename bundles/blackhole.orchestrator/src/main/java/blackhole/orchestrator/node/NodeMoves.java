package blackhole.orchestrator.node;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.SupervisionException;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.plan.ServiceBundles;
import blackhole.orchestrator.registry.Registrar;
import blackhole.orchestrator.supervision.SupervisorEngine;
import blackhole.orchestrator.update.Updater;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The parts of a node that follow its configuration while it runs. Thread-safe. */
final class NodeMoves implements ServiceMoves {
  /** They have to do with the memory of this process only; who hangs for so long is broken. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final LiveConfiguration live;
  private final ServiceBundles bundles;
  private final SupervisorEngine engine;
  private final Registrar registrar;
  private final HostLimits limits;
  private final Rounds rounds;
  private final Updater updates;

  NodeMoves(
      LiveConfiguration live,
      ServiceBundles bundles,
      SupervisorEngine engine,
      Registrar registrar,
      HostLimits limits,
      Rounds rounds,
      Updater updates) {
    this.live = live;
    this.bundles = bundles;
    this.engine = engine;
    this.registrar = registrar;
    this.limits = limits;
    this.rounds = rounds;
    this.updates = updates;
  }

  @Override
  public void follow() throws InterruptedException {
    NodeConfig config = live.config();
    await(engine.reconfigure(config, KnownServices.single(config, bundles)));
    await(registrar.configure(KnownServices.policies(config, bundles)));
    limits.reapply();
    rounds.reschedule();
  }

  private static void await(CompletionStage<Void> stage) throws InterruptedException {
    try {
      var unused = stage.toCompletableFuture().get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new SupervisionException("the node does not follow its configuration: " + e);
    }
  }

  @Override
  public List<InstanceId> instances() {
    return engine.instances().stream().map(InstanceStatus::id).toList();
  }

  @Override
  public CompletionStage<List<String>> start(String service, String who) {
    return engine.enter(service, who);
  }

  @Override
  public CompletionStage<List<String>> stop(String service, String who) {
    return engine.leave(service, who);
  }

  @Override
  public CompletionStage<List<String>> scale(String service, int count, String who) {
    return engine.scale(service, count, who);
  }

  @Override
  public String replace(
      String service,
      Updater.Force forward,
      Updater.Force back,
      String who,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    return updates.replaceNow(service, forward, back, who, progress);
  }
}
