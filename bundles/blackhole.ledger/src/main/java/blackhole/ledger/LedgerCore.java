package blackhole.ledger;

import blackhole.api.service.CustomSettings;
import blackhole.api.service.HealthResult;
import blackhole.api.service.HostInfo;
import blackhole.ledger.call.Call;
import blackhole.ledger.call.LedgerException;
import blackhole.ledger.call.LedgerException.Reason;
import blackhole.ledger.key.LedgerKey;
import blackhole.ledger.key.SignedHead;
import blackhole.ledger.key.TreeHead;
import blackhole.ledger.store.Damage;
import blackhole.ledger.store.LedgerStore;
import blackhole.ledger.store.TreeState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The service without its face: the store and the key, opened with the settings, on the data of
 * this host. The face and the health check stand on it, each a component of its own, so that
 * neither waits for the other's references.
 */
@Component(service = LedgerCore.class, configurationPid = "blackhole.ledger")
public final class LedgerCore {
  /** What stands under {@code custom:} in the configuration, there with underscores. */
  public @interface Config {
    /** Bytes of the data of the largest entry that is taken. */
    long maxEntrySize() default 64 << 10;

    /** Bytes of entries that may wait to be written. */
    long appendBuffer() default 16 << 20;

    /** Milliseconds between two rounds through the whole ledger in search of damage. */
    long verifyInterval() default 86_400_000;

    /** Connections to the index of entries. */
    int databasePoolSize() default 4;

    /** Bytes of database pages kept in memory, by all connections together. */
    long cacheSize() default 8 << 20;
  }

  private static final System.Logger LOG = System.getLogger(LedgerCore.class.getName());
  private static final Duration PROBE_LIMIT = Duration.ofMillis(500);
  private static final long LITTLE_SPACE = 16 << 20;

  /** A head that is older is signed anew, so that its timestamp says that the ledger is alive. */
  private static final Duration HEAD_AGE = Duration.ofMinutes(1);

  private final Path directory;
  private final Settings settings;
  private final Clock clock;
  private final LedgerStore store;
  private final LedgerKey key;

  // guarded by this
  private @Nullable SignedHead head;

  /**
   * @param properties the same as the configuration, and whatever else was set
   * @throws IllegalArgumentException for a setting that is wrong; the message names it
   * @throws IOException if the data cannot be opened; the message names the file
   */
  @Activate
  public LedgerCore(@Reference HostInfo host, Config config, Map<String, Object> properties)
      throws IOException {
    this(host, config, Clock.systemUTC());
    for (String unknown : CustomSettings.unknown(properties.keySet(), Settings.KEYS)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "custom.{0} is not a setting of the ledger; it has {1}",
          unknown,
          Settings.KEYS);
    }
  }

  LedgerCore(HostInfo host, Config config, Clock clock) throws IOException {
    this.settings = Settings.of(config);
    this.clock = clock;
    directory =
        host.dataDirectory()
            .orElseThrow(() -> new IOException("the host gives the ledger no data directory"));
    store =
        LedgerStore.open(
            directory,
            new LedgerStore.Settings(
                settings.databasePoolSize(),
                settings.cacheBytes(),
                settings.bufferBytes(),
                settings.verifyInterval()),
            clock);
    try {
      key = LedgerKey.open(directory, store.state().size() == 0, new SecureRandom());
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
    LOG.log(
        System.Logger.Level.INFO,
        "ledger: {0} entries, {1}",
        Long.toString(store.state().size()),
        settings);
  }

  Settings settings() {
    return settings;
  }

  LedgerStore store() {
    return store;
  }

  LedgerKey key() {
    return key;
  }

  /** The head of the tree that is there, signed. */
  synchronized SignedHead head() {
    TreeState state = store.state();
    SignedHead signed = head;
    long now = clock.millis();
    if (signed == null
        || signed.head().size() != state.size()
        || now - signed.head().timestamp() > HEAD_AGE.toMillis()) {
      // a later head never has an earlier timestamp, whatever the clock does
      long timestamp = signed == null ? now : Math.max(now, signed.head().timestamp());
      signed = key.sign(new TreeHead(timestamp, state.size(), state.root()));
      head = signed;
    }
    return signed;
  }

  /** Appends that wait fail; the batch that is being written is waited for. */
  @Deactivate
  public void close() {
    store.close();
  }

  /** Whether entries can be found and recorded, and whether all are sound as far as is known. */
  HealthResult checkStore() {
    Optional<String> problem = store.problem();
    if (problem.isPresent()) {
      return HealthResult.unhealthy(problem.get());
    }
    try {
      store.probe(Call.within(PROBE_LIMIT));
      Optional<Damage> damage = store.firstDamage();
      if (damage.isPresent()) {
        return HealthResult.degraded(damage.get().toString());
      }
      long left = Files.getFileStore(directory).getUsableSpace();
      return left >= LITTLE_SPACE
          ? HealthResult.healthy()
          : HealthResult.degraded("the disk has only " + left + " bytes left for entries");
    } catch (LedgerException e) {
      // it is busy, or what is recorded can still be read
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
