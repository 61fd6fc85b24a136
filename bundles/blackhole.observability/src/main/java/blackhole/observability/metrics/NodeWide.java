package blackhole.observability.metrics;

import blackhole.api.metrics.Metric;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.Pressure.Signal;
import blackhole.api.supervision.Spares;
import blackhole.api.supervision.Updates.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What concerns the node, and not the process of one instance. */
final class NodeWide {
  private NodeWide() {}

  /**
   * @param instances that the node has
   */
  static List<Metric> metrics(
      String nodeId,
      Spares spares,
      List<Signal> signals,
      List<InstanceId> instances,
      Map<String, Map<Outcome, Long>> updates) {
    List<Metric> metrics = new ArrayList<>();
    metrics.add(
        Metric.gauge("blackhole_node", "Always 1; names the node.", "node_id")
            .with(1, nodeId)
            .build());
    metrics.addAll(spares(spares));
    metrics.add(pressure(instances, signals));
    metrics.add(updates(instances, updates));
    return metrics;
  }

  private static List<Metric> spares(Spares spares) {
    List<Spares.Spare> all = spares.spares();
    long warm = all.stream().filter(Spares.Spare::warm).count();
    Spares.Hits hits = spares.hits();
    return List.of(
        Metric.gauge("blackhole_spares", "Hosts that wait for a service.", "state")
            .with(warm, "warm")
            .with(all.size() - warm, "preparing")
            .build(),
        Metric.counter(
                "blackhole_spare_starts_total",
                "Starts of instances since the node was up, by whether a warm spare was of use.",
                "result")
            .with(hits.taken(), "hit")
            .with(hits.starts() - hits.taken(), "miss")
            .build());
  }

  private static Metric pressure(List<InstanceId> instances, List<Signal> signals) {
    Map<InstanceId, Integer> counts = new TreeMap<>();
    instances.forEach(id -> counts.put(id, 0));
    signals.forEach(signal -> counts.merge(signal.id(), 1, Integer::sum));
    Metric.Builder metric =
        Metric.gauge(
            "blackhole_instance_pressure_signals",
            "How many things press on the instance (see the README, near a limit).",
            Families.SERVICE,
            Families.REPLICA);
    counts.forEach(
        (id, count) -> metric.with(count, id.service(), Integer.toString(id.instance())));
    return metric.build();
  }

  private static Metric updates(
      List<InstanceId> instances, Map<String, Map<Outcome, Long>> updates) {
    Metric.Builder metric =
        Metric.counter(
            "blackhole_updates_total",
            "Updates and rollbacks since the orchestrator's start, by how they ended.",
            Families.SERVICE,
            "outcome");
    for (String service :
        new LinkedHashSet<>(instances.stream().map(InstanceId::service).toList())) {
      Map<Outcome, Long> counts = updates.getOrDefault(service, Map.of());
      metric.with(counts.getOrDefault(Outcome.CURRENT, 0L), service, "installed");
      metric.with(counts.getOrDefault(Outcome.ROLLED_BACK, 0L), service, "rolled_back");
      metric.with(counts.getOrDefault(Outcome.REFUSED, 0L), service, "refused");
    }
    return metric.build();
  }
}
