package blackhole.ledger;

import static blackhole.api.service.CustomSettings.whole;

import java.time.Duration;
import java.util.List;

/**
 * The service's settings, checked.
 *
 * @param maxEntryBytes of the data of one entry
 * @param bufferBytes of entries that may wait to be written
 * @param verifyInterval between two rounds through the whole ledger
 * @param cacheBytes for the page caches of all database connections together
 */
record Settings(
    int maxEntryBytes,
    long bufferBytes,
    Duration verifyInterval,
    int databasePoolSize,
    long cacheBytes) {
  /** As written under {@code custom:}. */
  static final List<String> KEYS =
      List.of(
          "max_entry_size", "append_buffer", "verify_interval", "database_pool_size", "cache_size");

  /** Pages of entries fit into a message of 4 MB, which clients take. */
  private static final long MAX_ENTRY = 1 << 20;

  private static final long MIN_BUFFER = 64 << 10;
  private static final long MAX_BUFFER = 1L << 30;
  private static final long MIN_INTERVAL_MILLIS = 1000;
  private static final long MAX_INTERVAL_MILLIS = Duration.ofDays(366).toMillis();

  /** One for the writer, one for whoever reads. */
  private static final int MIN_CONNECTIONS = 2;

  private static final int MAX_CONNECTIONS = 256;
  private static final long MIN_CACHE_PER_CONNECTION = 64 << 10;
  private static final long MAX_CACHE = 1L << 40;

  /**
   * @throws IllegalArgumentException naming the key under {@code custom:} that is wrong, what it
   *     is, and what was expected
   */
  static Settings of(LedgerCore.Config config) {
    long poolSize =
        whole("database_pool_size", config::databasePoolSize, MIN_CONNECTIONS, MAX_CONNECTIONS);
    return new Settings(
        (int) whole("max_entry_size", config::maxEntrySize, 1, MAX_ENTRY),
        whole("append_buffer", config::appendBuffer, MIN_BUFFER, MAX_BUFFER),
        Duration.ofMillis(
            whole(
                "verify_interval",
                config::verifyInterval,
                MIN_INTERVAL_MILLIS,
                MAX_INTERVAL_MILLIS)),
        (int) poolSize,
        whole("cache_size", config::cacheSize, poolSize * MIN_CACHE_PER_CONNECTION, MAX_CACHE));
  }
}
