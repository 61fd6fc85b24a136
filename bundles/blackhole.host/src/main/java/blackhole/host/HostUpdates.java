package blackhole.host;

import blackhole.api.observe.Step;
import blackhole.api.observe.Tracer;
import blackhole.control.v1.HostMessage;
import blackhole.control.v1.Update;
import blackhole.control.v1.UpdateProgress;
import blackhole.control.v1.UpdateResult;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Updates the service's bundle as the orchestrator orders it. Thread-safe; one at a time. */
final class HostUpdates {
  private static final Logger LOG = System.getLogger(HostUpdates.class.getName());

  private final HostAgent agent;
  private final BundleSwap swap;
  private final Tracer tracer;
  private final Executor executor;
  private final AtomicBoolean busy = new AtomicBoolean();

  /**
   * @param executor for what blocks
   */
  HostUpdates(HostAgent agent, BundleSwap swap, Tracer tracer, Executor executor) {
    this.tracer = tracer;
    this.agent = agent;
    this.swap = swap;
    this.executor = executor;
  }

  /** Returns at once; what there is to tell comes from another thread, the result last. */
  void update(Update order, Consumer<HostMessage> tell) {
    UpdateResult.Builder result = UpdateResult.newBuilder().setId(order.getId());
    @Nullable MethodTable table = agent.ready();
    if (table == null) {
      tell.accept(message(result.setProblem("the host is not ready").setServing(true)));
    } else if (!busy.compareAndSet(false, true)) {
      tell.accept(message(result.setProblem("another update is under way").setServing(true)));
    } else {
      executor.execute(
          () -> {
            try {
              tell.accept(message(run(order, table, tell, result)));
            } finally {
              busy.set(false);
            }
          });
    }
  }

  private UpdateResult.Builder run(
      Update order, MethodTable before, Consumer<HostMessage> tell, UpdateResult.Builder result) {
    BundleSwap.Terms terms =
        new BundleSwap.Terms(
            order.getAllowRemoved(),
            Duration.ofMillis(order.getTimeoutMillis()),
            Duration.ofMillis(order.getDrainTimeoutMillis()));
    try (Step trace = Step.begin(tracer, order.getTraceparent(), "swap the bundle")) {
      BundleSwap.Swapped swapped =
          swap.run(
              Path.of(order.getFile()),
              terms,
              before,
              step -> progress(order.getId(), step, tell),
              trace);
      agent.replaced(swapped.table());
      return result
          .setServing(true)
          .setHeldMicros(swapped.held().toNanos() / 1000)
          .setEndedCalls(swapped.ended());
    } catch (BundleSwap.NotServingException e) {
      LOG.log(Level.ERROR, "the update failed, and nothing serves", e);
      return result.setProblem(String.valueOf(e.getMessage()));
    } catch (StartException e) {
      LOG.log(Level.WARNING, "the update failed: {0}", e.getMessage());
      return result.setServing(true).setProblem(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return result.setServing(true).setProblem("the host is stopping");
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.ERROR, "the update failed", e);
      return result.setServing(true).setProblem(FailureText.of(e));
    }
  }

  private static void progress(long id, String step, Consumer<HostMessage> tell) {
    LOG.log(Level.INFO, "update: {0}", step);
    tell.accept(
        HostMessage.newBuilder()
            .setUpdateProgress(UpdateProgress.newBuilder().setId(id).setStep(step))
            .build());
  }

  private static HostMessage message(UpdateResult.Builder result) {
    return HostMessage.newBuilder().setUpdateResult(result).build();
  }
}
