package blackhole.endpoint.health;

import blackhole.api.service.HealthCheck;
import blackhole.api.service.HealthResult;
import blackhole.api.service.HealthStatus;
import blackhole.endpoint.call.DaemonThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The checks of all authors, taken together: the worst result counts. All run at the same time, so
 * an answer takes no longer than the slowest, and never longer than the timeout. Thread-safe.
 */
public final class HealthChecks implements AutoCloseable {
  /** How long a check may take before it counts as unhealthy. */
  public static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final Map<Long, CheckRunner> runners = new ConcurrentSkipListMap<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(new DaemonThreads("blackhole-health-check"));
  private final LongSupplier nanoTime;
  private final Duration timeout;

  public HealthChecks() {
    this(System::nanoTime, TIMEOUT);
  }

  HealthChecks(LongSupplier nanoTime, Duration timeout) {
    this.nanoTime = nanoTime;
    this.timeout = timeout;
  }

  /**
   * @param id unique for ever, as the framework's service ids are
   * @param name for messages
   * @param check asked for at each run, and only then: authors' components are made late
   */
  public void add(long id, String name, Supplier<HealthCheck> check) {
    runners.put(id, new CheckRunner(name, check, threads, nanoTime, timeout.toNanos()));
  }

  public void remove(long id) {
    runners.remove(id);
  }

  /** Runs all checks, and waits for them. */
  public HealthResult run() {
    record Started(CheckRunner runner, CheckRunner.Run run) {}

    List<Started> started = new ArrayList<>();
    runners.values().forEach(runner -> started.add(new Started(runner, runner.start())));
    return worst(started.stream().map(one -> one.runner().await(one.run())).toList());
  }

  /** The worst status, with all that was said for it. */
  static HealthResult worst(List<HealthResult> results) {
    HealthStatus status =
        results.stream()
            .map(HealthResult::status)
            .max(Comparator.naturalOrder())
            .orElse(HealthStatus.HEALTHY);
    if (status == HealthStatus.HEALTHY) {
      return HealthResult.healthy();
    }
    String message =
        results.stream()
            .filter(result -> result.status() == status)
            .map(HealthResult::message)
            .distinct()
            .collect(Collectors.joining("; "));
    return new HealthResult(status, message);
  }

  /** Interrupts the checks that still run. */
  @Override
  public void close() {
    var unused = threads.shutdownNow();
  }
}
