package blackhole.indexer;

import blackhole.api.service.CustomSettings;
import blackhole.api.service.HealthResult;
import blackhole.api.service.HostInfo;
import blackhole.indexer.feed.IndexHolder;
import blackhole.indexer.index.DocumentIndex;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The service without its face and without what feeds it: the index, opened with the settings, on
 * the data of this host. The others stand on it, each a component of its own.
 */
@Component(service = IndexerCore.class, configurationPid = "blackhole.indexer")
public final class IndexerCore {
  /** What stands under {@code custom:} in the configuration, there with underscores. */
  public @interface Config {
    /** Bytes of the largest blob that is read. */
    long maxDocumentSize() default 1 << 20;

    /** Bytes of documents that are gathered in memory. */
    long bufferSize() default 8 << 20;

    /** Milliseconds after which what was changed is made durable. */
    long commitInterval() default 1000;

    /** Milliseconds that a search may take. */
    long searchTimeout() default 5000;
  }

  private static final System.Logger LOG = System.getLogger(IndexerCore.class.getName());
  private static final long LITTLE_SPACE = 64 << 20;

  private final Path directory;
  private final Settings settings;
  private final IndexHolder holder;

  /**
   * @param properties the same as the configuration, and whatever else was set
   * @throws IllegalArgumentException for a setting that is wrong; the message names it
   * @throws IOException if the index cannot be opened; the message names the directory
   */
  @Activate
  public IndexerCore(@Reference HostInfo host, Config config, Map<String, Object> properties)
      throws IOException {
    settings = Settings.of(config);
    directory =
        host.dataDirectory()
            .orElseThrow(() -> new IOException("the host gives the indexer no data directory"));
    holder =
        new IndexHolder(
            () -> DocumentIndex.open(directory.resolve("index"), settings.bufferBytes()));
    LOG.log(Level.INFO, "indexer: {0}, {1}", settings, index().progress());
    for (String key : CustomSettings.unknown(properties.keySet(), Settings.KEYS)) {
      LOG.log(
          Level.WARNING, "custom.{0} is not a setting of indexer; it has {1}", key, Settings.KEYS);
    }
  }

  Settings settings() {
    return settings;
  }

  IndexHolder holder() {
    return holder;
  }

  DocumentIndex index() {
    return holder.get();
  }

  /** What was changed is committed. */
  @Deactivate
  public void close() throws IOException {
    holder.close();
  }

  /**
   * Whether searches find all that they should.
   *
   * @param trouble what keeps the index from going on; empty if nothing does
   */
  HealthResult check(String trouble) {
    IOException failure = index().failure();
    if (failure != null) {
      return HealthResult.unhealthy("the index failed: " + failure.getMessage());
    }
    if (!trouble.isEmpty()) {
      return HealthResult.degraded(trouble);
    }
    try {
      long left = Files.getFileStore(directory).getUsableSpace();
      return left >= LITTLE_SPACE
          ? HealthResult.healthy()
          : HealthResult.degraded("the disk has only " + left + " bytes left for the index");
    } catch (IOException e) {
      return HealthResult.unhealthy("the data directory cannot be read: " + e);
    }
  }
}
