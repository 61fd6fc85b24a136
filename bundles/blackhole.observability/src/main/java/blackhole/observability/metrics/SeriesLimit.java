package blackhole.observability.metrics;

import blackhole.api.metrics.Metric;
import blackhole.api.metrics.MetricSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Cuts metrics that would be too much for whoever keeps them, and says so once. Thread-safe. */
final class SeriesLimit {
  private static final Logger LOG = System.getLogger(SeriesLimit.class.getName());

  private final Set<String> complained = ConcurrentHashMap.newKeySet();

  /** The metric, with {@link MetricSource#MAX_SERIES} of its series at most. */
  Metric cut(Metric metric) {
    if (metric.series().size() <= MetricSource.MAX_SERIES) {
      return metric;
    }
    if (complained.add(metric.name())) {
      LOG.log(
          Level.WARNING,
          "{0} has {1} series; those after the first {2} are left out",
          metric.name(),
          metric.series().size(),
          MetricSource.MAX_SERIES);
    }
    return new Metric(
        metric.name(),
        metric.help(),
        metric.type(),
        metric.labels(),
        metric.bounds(),
        metric.series().subList(0, MetricSource.MAX_SERIES));
  }
}
