package blackhole.observability.metrics;

import blackhole.api.metrics.Metric;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The metrics of the whole node, put together by name out of what its processes tell. Not
 * thread-safe.
 */
final class Families {
  /** Which service a process belongs to. */
  static final String SERVICE = "service";

  /** Which of its instances, from 1. Not "instance", which is Prometheus' own. */
  static final String REPLICA = "replica";

  private static final Logger LOG = System.getLogger(Families.class.getName());
  private static final Set<String> COMPLAINED = ConcurrentHashMap.newKeySet();

  private final Map<String, Family> families = new TreeMap<>();

  /** One series, with labels of its own. */
  record Point(List<String> labels, Metric.Series series) {}

  /** All that has one name; what it is, is what the first of them said. */
  record Family(Metric shape, List<Point> points, Set<List<String>> seen) {
    private boolean fits(Metric metric) {
      return shape.type() == metric.type() && shape.bounds().equals(metric.bounds());
    }

    private void add(List<String> labels, Metric.Series series) {
      List<String> identity = new ArrayList<>(labels);
      identity.addAll(series.values());
      // twice the same series would make Prometheus refuse the whole scrape
      if (seen.add(identity)) {
        points.add(new Point(labels, series));
      }
    }
  }

  /** What the process of an instance tells. */
  void add(String service, int replica, List<Metric> metrics) {
    for (Metric metric : metrics) {
      Set<String> labels = new LinkedHashSet<>(List.of(SERVICE, REPLICA));
      labels.addAll(metric.labels());
      if (labels.size() != metric.labels().size() + 2) {
        complain(metric, "has a label twice, or one that the node sets");
        continue;
      }
      add(
          metric,
          List.copyOf(labels),
          metric.series().stream().map(series -> before(service, replica, series)).toList());
    }
  }

  private static Metric.Series before(String service, int replica, Metric.Series series) {
    List<String> values = new ArrayList<>(List.of(service, Integer.toString(replica)));
    values.addAll(series.values());
    return new Metric.Series(values, series.value(), series.counts());
  }

  /** What is told of the node, with all its labels. */
  void add(List<Metric> metrics) {
    metrics.forEach(metric -> add(metric, metric.labels(), metric.series()));
  }

  private void add(Metric metric, List<String> labels, List<Metric.Series> series) {
    Family family =
        families.computeIfAbsent(
            metric.name(), name -> new Family(metric, new ArrayList<>(), new HashSet<>()));
    if (family.fits(metric)) {
      series.forEach(one -> family.add(labels, one));
    } else {
      complain(metric, "is of another type, or has other buckets, elsewhere");
    }
  }

  private static void complain(Metric metric, String why) {
    if (COMPLAINED.add(metric.name())) {
      LOG.log(Level.WARNING, "metric {0} {1}; it is left out", metric.name(), why);
    }
  }

  /** Those with a series at least, by name. */
  Collection<Family> all() {
    return families.values().stream().filter(family -> !family.points().isEmpty()).toList();
  }
}
