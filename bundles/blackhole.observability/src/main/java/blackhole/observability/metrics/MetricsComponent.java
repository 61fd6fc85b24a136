package blackhole.observability.metrics;

import blackhole.api.metrics.LocalMetrics;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.NodeWarnings;
import blackhole.api.supervision.Pressure;
import blackhole.api.supervision.Samples;
import blackhole.api.supervision.Spares;
import blackhole.api.supervision.Supervisor;
import blackhole.api.supervision.Updates;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Serves the node's metrics as the configuration says. The node does not wait for it, and runs
 * without it when the port is taken: then it is tried again from time to time.
 */
@Component(immediate = true)
public final class MetricsComponent implements NodeWarnings {
  private static final Logger LOG = System.getLogger(MetricsComponent.class.getName());
  private static final Duration PART_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final MetricsSettings settings;
  private final NodeMetrics metrics;
  private final ExecutorService workers =
      Executors.newCachedThreadPool(DaemonThreads.named("metrics"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("metrics-start"));

  private @Nullable MetricsServer server; // guarded by this
  private boolean closed; // guarded by this
  private volatile List<Warning> warnings = List.of();

  @Activate
  public MetricsComponent(
      @Reference LocalMetrics local,
      @Reference Hosts hosts,
      @Reference Supervisor supervisor,
      @Reference Samples samples,
      @Reference Spares spares,
      @Reference Pressure pressure,
      @Reference Updates updates,
      @Reference NodeConfiguration configuration) {
    settings = MetricsSettings.of(configuration);
    metrics =
        new NodeMetrics(
            new NodeMetrics.Parts(
                local, hosts, supervisor, samples, spares, pressure, updates, configuration),
            workers,
            PART_TIMEOUT);
    if (settings.enabled()) {
      // not on the thread that publishes what the shell stands on
      Future<?> unused =
          timer.scheduleWithFixedDelay(this::open, 0, RETRY.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private synchronized void open() {
    if (closed || server != null) {
      return;
    }
    String where = settings.address() + ":" + settings.port();
    try {
      InetSocketAddress address = new InetSocketAddress(settings.address(), settings.port());
      if (address.isUnresolved()) {
        throw new IOException("no such host");
      }
      MetricsServer opened = new MetricsServer(address, metrics::gather, new Exposition());
      server = opened;
      warnings = List.of();
      LOG.log(Level.INFO, "metrics are at http://{0}{1}", where, MetricsServer.PATH);
      timer.shutdown();
    } catch (IOException | RuntimeException e) {
      if (warnings.isEmpty()) {
        LOG.log(Level.WARNING, "no metrics at {0}: {1}", where, e.getMessage());
      }
      warnings =
          List.of(
              new Warning(
                  "metrics",
                  "cannot be served at " + where + ": " + e.getMessage(),
                  "free the port, or choose another by node.metrics.port; it is tried again every "
                      + RETRY.toSeconds()
                      + " s"));
    }
  }

  @Override
  public List<Warning> warnings() {
    return warnings;
  }

  @Deactivate
  public synchronized void deactivate() {
    closed = true;
    timer.shutdownNow();
    workers.shutdownNow();
    if (server != null) {
      server.close();
      server = null;
    }
  }
}
