package blackhole.storage;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * The service's settings, checked.
 *
 * @param maxBlobBytes of one blob
 * @param chunkBytes in one message of an answer
 * @param cacheBytes for the page caches of all database connections together
 */
record Settings(long maxBlobBytes, int chunkBytes, int databasePoolSize, long cacheBytes) {
  /** As written under {@code custom:}. */
  static final List<String> KEYS =
      List.of("max_blob_size", "chunk_size", "database_pool_size", "cache_size");

  private static final long MAX_BLOB = 1L << 50;
  private static final long MIN_CHUNK = 4 << 10;

  /** gRPC clients take messages of 4 MB unless told otherwise. */
  private static final long MAX_CHUNK = 2 << 20;

  private static final int MAX_CONNECTIONS = 256;
  private static final long MIN_CACHE_PER_CONNECTION = 64 << 10;
  private static final long MAX_CACHE = 1L << 40;

  /**
   * @throws IllegalArgumentException naming the key under {@code custom:} that is wrong, what it
   *     is, and what was expected
   */
  static Settings of(StorageCore.Config config) {
    long poolSize = read("database_pool_size", config::databasePoolSize, 1, MAX_CONNECTIONS);
    return new Settings(
        read("max_blob_size", config::maxBlobSize, 1, MAX_BLOB),
        (int) read("chunk_size", config::chunkSize, MIN_CHUNK, MAX_CHUNK),
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
