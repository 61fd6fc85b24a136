package blackhole.identity;

import static blackhole.api.service.CustomSettings.whole;

import blackhole.identity.password.HashCost;
import java.time.Duration;
import java.util.List;

/**
 * The service's settings, checked.
 *
 * @param cacheBytes for the page caches of all database connections together
 * @param tokenLifetime in whole seconds
 * @param keyRotation how long a key signs tokens
 */
record Settings(
    int databasePoolSize,
    long cacheBytes,
    Duration tokenLifetime,
    Duration keyRotation,
    HashCost hashCost) {
  /** As written under {@code custom:}. */
  static final List<String> KEYS =
      List.of(
          "database_pool_size",
          "cache_size",
          "token_lifetime",
          "key_rotation",
          "hash_memory",
          "hash_iterations",
          "hash_parallelism");

  private static final int MAX_CONNECTIONS = 256;
  private static final long MIN_CACHE_PER_CONNECTION = 64 << 10;
  private static final long MAX_CACHE = 1L << 40;
  private static final long SECOND = 1000;
  private static final long MAX_LIFETIME = Duration.ofDays(366).toMillis();
  private static final long MAX_ROTATION = Duration.ofDays(3660).toMillis();
  private static final long KIB = 1024;

  /**
   * @throws IllegalArgumentException naming the key under {@code custom:} that is wrong, what it
   *     is, and what was expected
   */
  static Settings of(IdentityCore.Config config) {
    long poolSize = whole("database_pool_size", config::databasePoolSize, 1, MAX_CONNECTIONS);
    long cache =
        whole("cache_size", config::cacheSize, poolSize * MIN_CACHE_PER_CONNECTION, MAX_CACHE);
    long lifetime = whole("token_lifetime", config::tokenLifetime, SECOND, MAX_LIFETIME);
    long rotation = whole("key_rotation", config::keyRotation, SECOND, MAX_ROTATION);
    long parallelism =
        whole("hash_parallelism", config::hashParallelism, 1, HashCost.MAX_PARALLELISM);
    long iterations = whole("hash_iterations", config::hashIterations, 1, HashCost.MAX_ITERATIONS);
    long memory =
        whole(
            "hash_memory",
            config::hashMemory,
            8 * KIB * parallelism,
            HashCost.MAX_MEMORY_KIB * KIB);
    return new Settings(
        (int) poolSize,
        cache,
        Duration.ofSeconds(lifetime / SECOND),
        Duration.ofMillis(rotation),
        new HashCost((int) (memory / KIB), (int) iterations, (int) parallelism));
  }
}
