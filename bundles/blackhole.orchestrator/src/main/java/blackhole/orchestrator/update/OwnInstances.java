package blackhole.orchestrator.update;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The instances of one service, as they are at each look. Blocks where it waits.
 *
 * @param startTimeout of one instance, which is how long it is waited for
 */
record OwnInstances(Fleet fleet, String service, Duration startTimeout) {
  private static final long LOOK_MILLIS = 20;
  private static final Set<InstanceState> ON_THE_WAY =
      Set.of(InstanceState.STARTING, InstanceState.DRAINING);

  List<InstanceStatus> all() {
    return fleet.instances().stream()
        .filter(status -> status.id().service().equals(service))
        .toList();
  }

  Optional<InstanceStatus> find(InstanceId id) {
    return all().stream().filter(status -> status.id().equals(id)).findFirst();
  }

  /** Empty also when there is none of this number any more. */
  Optional<InstanceStatus> ready(InstanceId id) {
    return find(id).filter(status -> status.state() == InstanceState.READY);
  }

  /** Waits for those that are on their way up or down. */
  void awaitSettled() throws InterruptedException {
    boolean unused =
        await(() -> all().stream().map(InstanceStatus::state).noneMatch(ON_THE_WAY::contains));
  }

  /**
   * @return whether it is so in the end
   */
  boolean await(BooleanSupplier condition) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + startTimeout.toNanos();
    boolean met = condition.getAsBoolean();
    while (!met && System.nanoTime() - end < 0) {
      boolean unused = never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      met = condition.getAsBoolean();
    }
    return met;
  }
}
