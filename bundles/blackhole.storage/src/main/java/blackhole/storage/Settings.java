package blackhole.storage;

import static blackhole.api.service.CustomSettings.whole;

import java.util.List;

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
    long poolSize = whole("database_pool_size", config::databasePoolSize, 1, MAX_CONNECTIONS);
    return new Settings(
        whole("max_blob_size", config::maxBlobSize, 1, MAX_BLOB),
        (int) whole("chunk_size", config::chunkSize, MIN_CHUNK, MAX_CHUNK),
        (int) poolSize,
        whole("cache_size", config::cacheSize, poolSize * MIN_CACHE_PER_CONNECTION, MAX_CACHE));
  }
}
