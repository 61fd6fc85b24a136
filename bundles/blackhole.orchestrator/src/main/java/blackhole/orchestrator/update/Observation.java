package blackhole.orchestrator.update;

import blackhole.api.service.HealthResult;
import blackhole.api.service.HealthStatus;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.orchestrator.supervision.HealthProbe;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Watches an instance for a while after its update: whether its process lives on, and whether it is
 * healthy. Blocks.
 */
public final class Observation {
  /** One bad answer may be of a moment; as many as these in a row are not. */
  private static final int BAD_IN_A_ROW = 3;

  private static final long LOOKS = 20;
  private static final long MIN_PAUSE_MILLIS = 25;
  private static final long MAX_PAUSE_MILLIS = 250;

  private final Supplier<List<InstanceStatus>> instances;
  private final HealthProbe probe;
  private final Supplier<Duration> period;
  private final Supplier<Duration> timeout;

  /**
   * @param period how long to watch
   * @param timeout how long an answer may take
   */
  public Observation(
      Supplier<List<InstanceStatus>> instances,
      HealthProbe probe,
      Supplier<Duration> period,
      Supplier<Duration> timeout) {
    this.instances = instances;
    this.probe = probe;
    this.period = period;
    this.timeout = timeout;
  }

  /**
   * @param pid the process that was updated
   * @return what is wrong, in words; empty when nothing is
   */
  public Optional<String> watch(InstanceId id, OptionalLong pid) throws InterruptedException {
    Duration whole = period.get();
    long end = System.nanoTime() + whole.toNanos();
    long pauseMillis =
        Math.max(MIN_PAUSE_MILLIS, Math.min(MAX_PAUSE_MILLIS, whole.toMillis() / LOOKS));
    CountDownLatch never = new CountDownLatch(1);
    int bad = 0;
    while (true) {
      Optional<String> gone = gone(id, pid);
      if (gone.isPresent()) {
        return gone;
      }
      Optional<String> complaint = complaint(id);
      bad = complaint.isPresent() ? bad + 1 : 0;
      if (bad == BAD_IN_A_ROW) {
        // its end is the better reason, if that is why it does not answer
        return gone(id, pid).or(() -> complaint);
      }
      if (bad == 0 && System.nanoTime() - end >= 0) {
        return gone(id, pid);
      }
      boolean unused = never.await(pauseMillis, TimeUnit.MILLISECONDS);
    }
  }

  private Optional<String> gone(InstanceId id, OptionalLong pid) {
    Optional<InstanceStatus> now =
        instances.get().stream().filter(status -> status.id().equals(id)).findFirst();
    boolean same =
        now.filter(status -> status.state() == InstanceState.READY)
            .filter(status -> status.pid().equals(pid))
            .isPresent();
    return same
        ? Optional.empty()
        : Optional.of(
            "its process did not live on"
                + now.flatMap(InstanceStatus::lastExit).map(exit -> ": it " + exit).orElse(""));
  }

  private Optional<String> complaint(InstanceId id) throws InterruptedException {
    Duration patience = timeout.get();
    try {
      HealthResult result =
          probe
              .check(id, patience)
              .toCompletableFuture()
              .get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return result.status() == HealthStatus.UNHEALTHY
          ? Optional.of("it is unhealthy: " + result.message())
          : Optional.empty();
    } catch (ExecutionException | TimeoutException e) {
      return Optional.of("it does not answer health checks");
    }
  }
}
