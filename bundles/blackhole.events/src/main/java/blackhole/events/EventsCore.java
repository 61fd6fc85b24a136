package blackhole.events;

import blackhole.api.service.CustomSettings;
import blackhole.api.service.HealthResult;
import blackhole.api.service.HostInfo;
import blackhole.events.call.EventsException;
import blackhole.events.call.EventsException.Reason;
import blackhole.events.stream.EventStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The service without its face: the stream, opened with the settings, on the data of this host. The
 * face, and what the host asks it, stand on it, each a component of its own.
 */
@Component(service = EventsCore.class, configurationPid = "blackhole.events")
public final class EventsCore {
  /** What stands under {@code custom:} in the configuration, there with underscores. */
  public @interface Config {
    /** Bytes of the log; the oldest events go when there are more. */
    long retentionSize() default 1L << 30;

    /** Milliseconds; what is older goes. */
    long retentionAge() default 7 * 24 * 60 * 60 * 1000L;

    /** Bytes of a file of the log. */
    long segmentSize() default 16 << 20;

    /** When an event is acknowledged: {@code commit}, once it is on disk, or {@code os}. */
    String sync() default "commit";

    /** Bytes of an event. */
    long maxEventSize() default 256 << 10;

    /** Events that may wait for a subscriber that doesn't say. */
    int buffer() default 100;

    /** Subscribers at once. */
    int maxSubscribers() default 1000;

    /** Consumer groups that are kept. */
    int maxGroups() default 100;

    /** Bytes of the last events in memory. */
    long cacheSize() default 8 << 20;

    /** Events whose source and id are remembered. */
    int duplicateWindow() default 50_000;
  }

  private static final System.Logger LOG = System.getLogger(EventsCore.class.getName());
  private static final long LITTLE_SPACE = 64 << 20;

  private final Path directory;
  private final Settings settings;
  private final EventStream stream;

  /**
   * @param properties the same as the configuration, and whatever else was set
   * @throws IllegalArgumentException for a setting that is wrong; the message names it
   * @throws IOException if the data cannot be opened; the message names the file
   */
  @Activate
  public EventsCore(@Reference HostInfo host, Config config, Map<String, Object> properties)
      throws IOException {
    settings = Settings.of(config);
    directory =
        host.dataDirectory()
            .orElseThrow(() -> new IOException("the host gives events no data directory"));
    stream = EventStream.open(directory, settings.stream(), Clock.systemUTC());
    LOG.log(Level.INFO, "events: {0}", settings);
    for (String key : CustomSettings.unknown(properties.keySet(), Settings.KEYS)) {
      LOG.log(
          Level.WARNING, "custom.{0} is not a setting of events; it has {1}", key, Settings.KEYS);
    }
  }

  Settings settings() {
    return settings;
  }

  EventStream stream() {
    return stream;
  }

  /** What was published is written; streams end, and go on with the successor. */
  @Deactivate
  public void close() {
    stream.close();
  }

  /** Whether events can be published, and whether all that is kept is sound as far as is known. */
  HealthResult check() {
    EventsException failure = stream.failure();
    if (failure != null) {
      // what is there can still be read
      return failure.reason() == Reason.DISK_FULL
          ? HealthResult.degraded("no events can be published: " + failure.getMessage())
          : HealthResult.unhealthy("no events can be published: " + failure.getMessage());
    }
    List<String> damage = stream.damage();
    if (!damage.isEmpty()) {
      return HealthResult.degraded("damaged: " + String.join(", ", damage));
    }
    try {
      long left = Files.getFileStore(directory).getUsableSpace();
      return left >= LITTLE_SPACE
          ? HealthResult.healthy()
          : HealthResult.degraded("the disk has only " + left + " bytes left for events");
    } catch (IOException e) {
      return HealthResult.unhealthy("the data directory cannot be read: " + e);
    }
  }
}
