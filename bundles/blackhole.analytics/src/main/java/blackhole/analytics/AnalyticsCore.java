package blackhole.analytics;

import blackhole.analytics.count.Observation;
import blackhole.analytics.store.Analytics;
import blackhole.api.events.Event;
import blackhole.api.events.Payload;
import blackhole.api.service.CustomSettings;
import blackhole.api.service.HealthResult;
import blackhole.api.service.HostInfo;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The service without its face: the counts, opened with the settings, on the data of this host. The
 * face, the ear, and what the host asks it, stand on it, each a component of its own.
 */
@Component(service = AnalyticsCore.class, configurationPid = "blackhole.analytics")
public final class AnalyticsCore {
  /** What stands under {@code custom:} in the configuration, there with underscores. */
  public @interface Config {
    /** How many windows of a minute are kept. */
    int minutes() default 180;

    /** How many windows of an hour are kept. */
    int hours() default 168;

    /** How many windows of a day are kept. */
    int days() default 90;

    /** Types of events that are told apart. */
    int maxTypes() default 200;

    /** Milliseconds between two saves. */
    long saveInterval() default 1000;

    /** Fields that say what an event is about, as {@code type=number}. */
    String[] subjects() default {"did.created=1", "blob.stored=1", "blob.deleted=1"};

    /** Fields with a number to be measured, as {@code type=number}. */
    String[] values() default {"blob.stored=2", "blob.deleted=2"};

    /** Bytes of database pages in memory. */
    long cacheSize() default 4 << 20;
  }

  private static final System.Logger LOG = System.getLogger(AnalyticsCore.class.getName());
  private static final long LITTLE_SPACE = 16 << 20;

  private final Path directory;
  private final Settings settings;
  private final Analytics analytics;

  /**
   * @param properties the same as the configuration, and whatever else was set
   * @throws IllegalArgumentException for a setting that is wrong; the message names it
   * @throws IOException if the data cannot be opened; the message names the file
   */
  @Activate
  public AnalyticsCore(@Reference HostInfo host, Config config, Map<String, Object> properties)
      throws IOException {
    settings = Settings.of(config);
    directory =
        host.dataDirectory()
            .orElseThrow(() -> new IOException("the host gives analytics no data directory"));
    analytics =
        Analytics.open(directory, settings.limits(), settings.saveInterval(), Clock.systemUTC());
    LOG.log(Level.INFO, "analytics: position {0}", Long.toString(analytics.position()));
    for (String key : CustomSettings.unknown(properties.keySet(), Settings.KEYS)) {
      LOG.log(
          Level.WARNING,
          "custom.{0} is not a setting of analytics; it has {1}",
          key,
          Settings.KEYS);
    }
  }

  Analytics analytics() {
    return analytics;
  }

  /** Counts an event. Blocks while it cannot be kept. */
  void count(Event event) {
    ByteString data = event.data().map(Payload::bytes).orElse(ByteString.EMPTY);
    analytics.add(
        new Observation(
            event.position(),
            event.id(),
            event.type(),
            event.source(),
            event.time().toEpochMilli(),
            data.size(),
            settings.subjects().text(event.type(), data),
            settings.values().number(event.type(), data)));
  }

  HealthResult check() {
    Optional<String> problem = analytics.problem();
    if (problem.isPresent()) {
      // what is there can still be read, and events wait in the stream
      return HealthResult.degraded(problem.get());
    }
    try {
      long left = Files.getFileStore(directory).getUsableSpace();
      if (left < LITTLE_SPACE) {
        return HealthResult.degraded("the disk has only " + left + " bytes left for counts");
      }
    } catch (IOException e) {
      return HealthResult.unhealthy("the data directory cannot be read: " + e);
    }
    return analytics.replacedStreams() > 0
        ? HealthResult.degraded(
            "the event stream was replaced by another; what that had before is not counted")
        : HealthResult.healthy();
  }

  /** What was counted is saved. */
  @Deactivate
  public void close() {
    analytics.close();
  }
}
