package blackhole.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;

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
        read("database_pool_size", config::databasePoolSize, MIN_CONNECTIONS, MAX_CONNECTIONS);
    return new Settings(
        (int) read("max_entry_size", config::maxEntrySize, 1, MAX_ENTRY),
        read("append_buffer", config::appendBuffer, MIN_BUFFER, MAX_BUFFER),
        Duration.ofMillis(
            read(
                "verify_interval",
                config::verifyInterval,
                MIN_INTERVAL_MILLIS,
                MAX_INTERVAL_MILLIS)),
        (int) poolSize,
        read("cache_size", config::cacheSize, poolSize * MIN_CACHE_PER_CONNECTION, MAX_CACHE));
  }

  private static long read(String key, LongSupplier setting, long min, long max) {
    long value;
    try {
      value = setting.getAsLong();
    } catch (RuntimeException e) {
      // of no fixed type: it comes from the converter of the framework
      throw new IllegalArgumentException(
          "custom." + key + " is not a whole number: " + e.getMessage(), e);
    }
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "custom." + key + " is " + value + ", but must be from " + min + " to " + max);
    }
    return value;
  }

  /**
   * What was set but means nothing here, most likely a slip of the pen.
   *
   * @param properties names of component properties: settings in both spellings, and names with a
   *     dot, which are the framework's
   */
  static SortedSet<String> unknownKeys(Set<String> properties) {
    SortedSet<String> unknown = new TreeSet<>();
    for (String property : properties) {
      String key = property.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
      if (!property.contains(".") && !KEYS.contains(key)) {
        unknown.add(key);
      }
    }
    return unknown;
  }
}
