package blackhole.telemetry;

import blackhole.api.registry.ServiceDirectory;
import blackhole.api.rpc.SocketChannels;
import blackhole.api.service.CustomSettings;
import blackhole.api.service.HealthResult;
import blackhole.api.service.HostInfo;
import blackhole.telemetry.history.History;
import blackhole.telemetry.history.InstanceKey;
import blackhole.telemetry.history.Sample;
import blackhole.telemetry.sampling.Sampler;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The service without its face: the history, on the data of this host, and the sampler that fills
 * it. The face, and what the host asks it, stand on it, each a component of its own.
 */
@Component(service = TelemetryCore.class, configurationPid = "blackhole.telemetry")
public final class TelemetryCore {
  /** What stands under {@code custom:} in the configuration, there with underscores. */
  public @interface Config {
    /** Milliseconds between two samples. */
    long sampleInterval() default 10_000;

    /** Milliseconds for which samples are kept. */
    long retention() default 24 * 60 * 60 * 1000L;

    /** Of an instance. */
    int maxMetrics() default 48;

    /** Whose samples are kept. */
    int maxInstances() default 64;
  }

  private static final System.Logger LOG = System.getLogger(TelemetryCore.class.getName());

  /** How often instances that are gone are looked for. */
  private static final long CLEANING_MILLIS = Duration.ofHours(1).toMillis();

  private final History history;
  private final Sampler sampler;
  private final Clock clock = Clock.systemUTC();

  /** Used by the sampler's thread. */
  private long cleanedMillis;

  /** Why the last sample was not written; null if it was. */
  private volatile @Nullable String problem;

  /**
   * @param properties the same as the configuration, and whatever else was set
   * @throws IllegalArgumentException for a setting that is wrong; the message names it
   * @throws IOException if the data cannot be opened; the message names the file
   */
  @Activate
  public TelemetryCore(
      @Reference HostInfo host,
      @Reference ServiceDirectory directory,
      @Reference SocketChannels sockets,
      Config config,
      Map<String, Object> properties)
      throws IOException {
    Settings settings = Settings.of(config);
    Path data =
        host.dataDirectory()
            .orElseThrow(() -> new IOException("the host gives telemetry no data directory"));
    history = History.open(data, settings.shape(), settings.maxInstances());
    sampler =
        new Sampler(
            directory,
            sockets,
            clock,
            Duration.ofMillis(settings.shape().intervalMillis()),
            this::take);
    LOG.log(Level.INFO, "telemetry: {0}", settings);
    for (String key : CustomSettings.unknown(properties.keySet(), Settings.KEYS)) {
      LOG.log(
          Level.WARNING,
          "custom.{0} is not a setting of telemetry; it has {1}",
          key,
          Settings.KEYS);
    }
    cleanedMillis = clock.millis();
    sampler.start();
  }

  private void take(InstanceKey key, Sample sample) {
    try {
      history.put(key, sample);
      if (sample.timeMillis() - cleanedMillis >= CLEANING_MILLIS) {
        cleanedMillis = sample.timeMillis();
        history.forgetBefore(cleanedMillis - history.shape().retentionMillis());
      }
      problem = null;
    } catch (IOException e) {
      if (problem == null) {
        LOG.log(Level.ERROR, "samples cannot be written", e);
      }
      problem = "samples cannot be written: " + e;
    }
  }

  History history() {
    return history;
  }

  Clock clock() {
    return clock;
  }

  HealthResult check() {
    String why = problem;
    // what is there can still be read
    return why == null ? HealthResult.healthy() : HealthResult.degraded(why);
  }

  Map<String, Double> metrics() {
    Map<String, Double> metrics = new HashMap<>(history.numbers());
    metrics.put("telemetry_questions_total", (double) sampler.asked());
    metrics.put("telemetry_unanswered_total", (double) sampler.unanswered());
    return metrics;
  }

  /** The last samples are written; reads that are going on fail. */
  @Deactivate
  public void close() {
    try {
      sampler.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    history.close();
  }
}
