package blackhole.orchestrator.node;

import blackhole.api.supervision.Handover;
import blackhole.api.supervision.SupervisionException;
import blackhole.orchestrator.config.SupervisorConfig.OrchestratorLoss;
import blackhole.orchestrator.supervision.SupervisorEngine;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The end of the orchestrator that is not its hosts'. What is half done is done first, so that the
 * next one knows of every process; nothing new is begun. Thread-safe.
 */
final class Departure implements Handover {
  /** What takes longer than this is left as it is. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final OrchestratorLoss onLoss;
  private final SupervisorEngine engine;
  private final Hosting hosting;
  private final NodeOutput output;
  private final BooleanSupplier first;
  private final Executor executor;
  private final Runnable end;
  private volatile boolean begun;

  /**
   * @param first whether nobody else has begun to end the node; from then on somebody has
   * @param end ends this process; on the executor
   */
  Departure(
      OrchestratorLoss onLoss,
      SupervisorEngine engine,
      Hosting hosting,
      NodeOutput output,
      BooleanSupplier first,
      Executor executor,
      Runnable end) {
    this.onLoss = onLoss;
    this.engine = engine;
    this.hosting = hosting;
    this.output = output;
    this.first = first;
    this.executor = executor;
    this.end = end;
  }

  /** Who asks for a stop now comes too late: the hosts are not this orchestrator's any more. */
  boolean hasBegun() {
    return begun;
  }

  @Override
  public void leaveHosts(String who) {
    if (onLoss == OrchestratorLoss.STOP) {
      throw new SupervisionException(
          "the hosts would not stay: supervisor.on_orchestrator_loss is stop");
    }
    if (!first.getAsBoolean()) {
      throw new SupervisionException("the node is stopping");
    }
    begun = true;
    output.event("leaves the hosts to the next orchestrator", who);
    engine
        .hold()
        .thenCompose(held -> hosting.settle())
        .toCompletableFuture()
        .completeOnTimeout(null, PATIENCE.toNanos(), TimeUnit.NANOSECONDS)
        .whenCompleteAsync((settled, problem) -> end.run(), executor);
  }
}
