package blackhole.observability.metrics;

import blackhole.api.metrics.LocalMetrics;
import blackhole.api.metrics.Metric;
import blackhole.api.metrics.MetricSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Asks every {@link MetricSource} of this process. They are looked for when somebody first asks,
 * and not by references: a host has no time for them while it starts, and may never be asked.
 */
@Component
public final class LocalMetricsComponent implements LocalMetrics {
  private static final Logger LOG = System.getLogger(LocalMetricsComponent.class.getName());

  private final BundleContext context;
  private final SeriesLimit limit = new SeriesLimit();
  private final Set<String> complained = ConcurrentHashMap.newKeySet();
  private @Nullable ServiceTracker<MetricSource, MetricSource> tracker; // guarded by this

  @Activate
  public LocalMetricsComponent(BundleContext context) {
    this.context = context;
  }

  @Override
  public List<Metric> collect() {
    List<Metric> all = new ArrayList<>();
    for (MetricSource source : sources().getServices(new MetricSource[0])) {
      try {
        source.metrics().forEach(metric -> all.add(limit.cut(metric)));
      } catch (RuntimeException e) {
        if (complained.add(source.getClass().getName())) {
          LOG.log(Level.WARNING, source.getClass().getName() + " does not tell its metrics", e);
        }
      }
    }
    return all;
  }

  private synchronized ServiceTracker<MetricSource, MetricSource> sources() {
    ServiceTracker<MetricSource, MetricSource> present = tracker;
    if (present == null) {
      present = new ServiceTracker<>(context, MetricSource.class, null);
      present.open();
      tracker = present;
    }
    return present;
  }

  @Deactivate
  public synchronized void deactivate() {
    if (tracker != null) {
      tracker.close();
      tracker = null;
    }
  }
}
