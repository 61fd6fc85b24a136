package blackhole.orchestrator.node;

import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.plan.HostPlan;
import blackhole.orchestrator.spare.SparePool;
import blackhole.orchestrator.spare.SpareProfile;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** The pool that a configuration wants. */
final class SparePools {
  /** As a spare is started behind all others, it may take longer than a service. */
  private static final int PATIENCE = 4;

  private SparePools() {}

  /**
   * @param live the configuration as it is now; what spares are of, and how many, is settled
   * @param hosts starts those that resemble a service
   */
  static SparePool of(
      Supplier<NodeConfig> live,
      HostPlan plan,
      String runId,
      Function<ServiceConfig, SparePool.Hosts> hosts,
      Executor executor,
      ScheduledExecutorService timers) {
    NodeConfig config = live.get();
    Optional<ServiceConfig> shared = SpareProfile.mostShared(config, plan::jvmFlags);
    // without an enabled service nobody takes any
    int size = shared.isPresent() ? config.supervisor().warmSpares() : 0;
    ServiceConfig model = shared.orElseGet(() -> config.services().values().iterator().next());
    return new SparePool(
        size,
        SpareProfile.of(model, plan.jvmFlags(model)),
        hosts.apply(model),
        "spare-" + runId + "-",
        () -> live.get().supervisor().startTimeout().multipliedBy(PATIENCE),
        executor,
        new TimersTime(timers));
  }

  private record TimersTime(ScheduledExecutorService timers) implements SparePool.Time {
    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public void later(Duration delay, Runnable task) {
      var unused = timers.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
  }
}
