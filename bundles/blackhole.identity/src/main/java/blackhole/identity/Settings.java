package blackhole.identity;

import blackhole.identity.password.HashCost;
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
    long poolSize = read("database_pool_size", config::databasePoolSize, 1, MAX_CONNECTIONS);
    long cache =
        read("cache_size", config::cacheSize, poolSize * MIN_CACHE_PER_CONNECTION, MAX_CACHE);
    long lifetime = read("token_lifetime", config::tokenLifetime, SECOND, MAX_LIFETIME);
    long rotation = read("key_rotation", config::keyRotation, SECOND, MAX_ROTATION);
    long parallelism =
        read("hash_parallelism", config::hashParallelism, 1, HashCost.MAX_PARALLELISM);
    long iterations = read("hash_iterations", config::hashIterations, 1, HashCost.MAX_ITERATIONS);
    long memory =
        read(
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
