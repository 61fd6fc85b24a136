package blackhole.storage;

import blackhole.api.service.CustomSettings;
import blackhole.api.service.HealthResult;
import blackhole.api.service.HostInfo;
import blackhole.storage.call.Call;
import blackhole.storage.call.StorageException;
import blackhole.storage.call.StorageException.Reason;
import blackhole.storage.store.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The service without its face: the store, opened with the settings, on the data of this host. The
 * face and the health check stand on it, each a component of its own, so that neither waits for the
 * other's references.
 */
@Component(service = StorageCore.class, configurationPid = "blackhole.storage")
public final class StorageCore {
  /** What stands under {@code custom:} in the configuration, there with underscores. */
  public @interface Config {
    /** Bytes of the largest blob that is taken. */
    long maxBlobSize() default 4L << 30;

    /** Bytes of a blob in one message of an answer. */
    long chunkSize() default 128 << 10;

    /** Connections to the index of blobs. */
    int databasePoolSize() default 4;

    /** Bytes of database pages kept in memory, by all connections together. */
    long cacheSize() default 8 << 20;
  }

  private static final System.Logger LOG = System.getLogger(StorageCore.class.getName());
  private static final Duration PROBE_LIMIT = Duration.ofMillis(500);
  private static final long LITTLE_SPACE = 16 << 20;

  private final Path directory;
  private final Settings settings;
  private final BlobStore store;

  /**
   * @param properties the same as the configuration, and whatever else was set
   * @throws IllegalArgumentException for a setting that is wrong; the message names it
   * @throws IOException if the data cannot be opened; the message names the file
   */
  @Activate
  public StorageCore(@Reference HostInfo host, Config config, Map<String, Object> properties)
      throws IOException {
    settings = Settings.of(config);
    directory =
        host.dataDirectory()
            .orElseThrow(() -> new IOException("the host gives storage no data directory"));
    store =
        BlobStore.open(
            directory, settings.databasePoolSize(), settings.cacheBytes(), Clock.systemUTC());
    LOG.log(System.Logger.Level.INFO, "storage: {0}", settings);
    for (String key : CustomSettings.unknown(properties.keySet(), Settings.KEYS)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "custom.{0} is not a setting of storage; it has {1}",
          key,
          Settings.KEYS);
    }
  }

  /** Of the data. */
  Path directory() {
    return directory;
  }

  Settings settings() {
    return settings;
  }

  BlobStore store() {
    return store;
  }

  /** What is being stored is given up; what is being read is read to its end. */
  @Deactivate
  public void close() {
    store.close();
  }

  /** Whether blobs can be found and stored, and whether all are sound as far as is known. */
  HealthResult checkStore() {
    try {
      Call call = Call.within(PROBE_LIMIT);
      store.probe(call);
      int damaged = store.damaged(call);
      if (damaged > 0) {
        return HealthResult.degraded(
            damaged == 1 ? "1 blob is damaged" : damaged + " blobs are damaged");
      }
      long left = Files.getFileStore(directory).getUsableSpace();
      return left >= LITTLE_SPACE
          ? HealthResult.healthy()
          : HealthResult.degraded("the disk has only " + left + " bytes left for blobs");
    } catch (StorageException e) {
      // it is busy, or what is stored can still be read
      return e.reason() == Reason.OVERLOADED
              || e.reason() == Reason.TIMED_OUT
              || e.reason() == Reason.DISK_FULL
          ? HealthResult.degraded(e.getMessage())
          : HealthResult.unhealthy(e.getMessage());
    } catch (IOException e) {
      return HealthResult.unhealthy("the data directory cannot be read: " + e);
    }
  }
}
