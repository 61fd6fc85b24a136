package blackhole.observability.metrics;

import blackhole.api.metrics.Metric;
import blackhole.api.supervision.InstanceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Has the counters of an instance go on when its process is another: Prometheus knows an instance,
 * and a counter that begins again at 0 would lose what was counted since the last scrape but one if
 * it grew past the old value before the next.
 *
 * <p>All of them begin with this orchestrator. What a host counted before it was adopted is taken
 * off, since nobody knows any more what the processes before it had counted: a counter would fall,
 * but not to 0, and Prometheus would take all of it for new. Thread-safe.
 */
final class Continuation {
  private final Map<InstanceId, Life> lives = new HashMap<>(); // guarded by this

  /** An instance, over all its processes. */
  private static final class Life {
    private String hostId = "";

    /** Of the processes before, less what the present one had counted when it was adopted. */
    private Totals before = Totals.NONE;

    private Totals present = Totals.NONE;

    private Totals all() {
      return before.plus(present);
    }
  }

  /**
   * What an instance has counted in all its processes, and the gauges of the present one.
   *
   * @param hostId tells its processes apart
   * @param adopted whether the process is older than this orchestrator
   */
  synchronized List<Metric> tell(InstanceId id, String hostId, boolean adopted, List<Metric> told) {
    Life life = lives.computeIfAbsent(id, unused -> new Life());
    Totals now = Totals.of(told);
    if (!life.hostId.equals(hostId)) {
      life.before = adopted ? life.all().minus(now) : life.all();
      life.hostId = hostId;
    }
    life.present = now;
    List<Metric> all = new ArrayList<>(life.all().metrics());
    told.stream().filter(metric -> metric.type() == Metric.Type.GAUGE).forEach(all::add);
    return all;
  }

  /** What is known of one whose process tells nothing at the moment, or who has none. */
  synchronized List<Metric> remembered(InstanceId id) {
    return Optional.ofNullable(lives.get(id)).map(life -> life.all().metrics()).orElse(List.of());
  }

  /** Forgets all others: they are not instances of the node any more. */
  synchronized void retain(Collection<InstanceId> ids) {
    lives.keySet().retainAll(ids);
  }
}
