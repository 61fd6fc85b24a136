package blackhole.observability.metrics;

import blackhole.api.metrics.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Arithmetic of metrics that only grow; gauges have no place here. */
final class Totals {
  static final Totals NONE = new Totals(Map.of());

  private final Map<String, Metric> metrics;

  private Totals(Map<String, Metric> metrics) {
    this.metrics = metrics;
  }

  /** Of those among them that only grow. */
  static Totals of(List<Metric> told) {
    Map<String, Metric> growing = new LinkedHashMap<>();
    for (Metric metric : told) {
      if (metric.type() != Metric.Type.GAUGE) {
        growing.merge(metric.name(), metric, (first, second) -> add(first, second, 1));
      }
    }
    return new Totals(growing);
  }

  Totals plus(Totals other) {
    return combine(other, 1);
  }

  Totals minus(Totals other) {
    return combine(other, -1);
  }

  private Totals combine(Totals other, int sign) {
    Map<String, Metric> sum = new LinkedHashMap<>(metrics);
    other.metrics.forEach(
        (name, metric) -> {
          @Nullable Metric mine = sum.get(name);
          // of another shape, by another version of the service's bundle: what was is over
          Metric base = mine == null || !sameShape(mine, metric) ? empty(metric) : mine;
          sum.put(name, add(base, metric, sign));
        });
    return new Totals(sum);
  }

  List<Metric> metrics() {
    return List.copyOf(metrics.values());
  }

  private static boolean sameShape(Metric a, Metric b) {
    return a.type() == b.type() && a.labels().equals(b.labels()) && a.bounds().equals(b.bounds());
  }

  private static Metric empty(Metric like) {
    return with(like, List.of());
  }

  private static Metric with(Metric shape, List<Metric.Series> series) {
    return new Metric(
        shape.name(), shape.help(), shape.type(), shape.labels(), shape.bounds(), series);
  }

  private static Metric add(Metric a, Metric b, int sign) {
    if (!sameShape(a, b)) {
      return a;
    }
    Map<List<String>, Metric.Series> sum = new LinkedHashMap<>();
    a.series().forEach(series -> sum.put(series.values(), series));
    for (Metric.Series series : b.series()) {
      sum.put(series.values(), add(sum.get(series.values()), series, sign));
    }
    return with(b, List.copyOf(sum.values()));
  }

  private static Metric.Series add(Metric.@Nullable Series a, Metric.Series b, int sign) {
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < b.counts().size(); i++) {
      counts.add((a == null ? 0 : a.counts().get(i)) + sign * b.counts().get(i));
    }
    return new Metric.Series(b.values(), (a == null ? 0 : a.value()) + sign * b.value(), counts);
  }
}
