package blackhole.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.service.CustomSettings;
import blackhole.identity.password.HashCost;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @Test
  void hasSensibleDefaults() {
    assertThat(Settings.of(TestConfig.with()))
        .isEqualTo(
            new Settings(
                4,
                16 << 20,
                Duration.ofHours(1),
                Duration.ofDays(90),
                new HashCost(19 << 10, 2, 1)));
  }

  @Test
  void takesEachKey() {
    Settings settings =
        Settings.of(
            TestConfig.with(
                "databasePoolSize",
                20,
                "cacheSize",
                64L << 20,
                "tokenLifetime",
                90_000L,
                "keyRotation",
                86_400_000L,
                "hashMemory",
                32L << 20,
                "hashIterations",
                3,
                "hashParallelism",
                2));
    assertThat(settings)
        .isEqualTo(
            new Settings(
                20,
                64 << 20,
                Duration.ofSeconds(90),
                Duration.ofDays(1),
                new HashCost(32 << 10, 3, 2)));
  }

  @ParameterizedTest
  @CsvSource({
    "databasePoolSize, 0, database_pool_size",
    "databasePoolSize, -1, database_pool_size",
    "databasePoolSize, 257, database_pool_size",
    "hashIterations, 0, hash_iterations",
    "hashParallelism, 0, hash_parallelism",
    "hashParallelism, 65, hash_parallelism"
  })
  void refusesNumbersOutOfBoundsByName(String method, int value, String key) {
    assertRefused(method, value, "custom." + key + " is " + value + ", but must be from ");
  }

  @ParameterizedTest
  @CsvSource({
    "cacheSize, 0, cache_size",
    "cacheSize, 200000, cache_size",
    "tokenLifetime, 0, token_lifetime",
    "tokenLifetime, -3600000, token_lifetime",
    "tokenLifetime, 999, token_lifetime",
    "tokenLifetime, 9223372036854775807, token_lifetime",
    "keyRotation, 0, key_rotation",
    "hashMemory, 0, hash_memory",
    "hashMemory, 8191, hash_memory",
    "hashMemory, 9223372036854775807, hash_memory"
  })
  void refusesSizesAndTimesOutOfBoundsByName(String method, long value, String key) {
    assertRefused(method, value, "custom." + key + " is " + value + ", but must be from ");
  }

  @Test
  void saysWhichKeyIsNoNumber() {
    assertRefused(
        "cacheSize",
        new IllegalStateException("cannot convert 'lots'"),
        "custom.cache_size is not a whole number: cannot convert 'lots'");
  }

  @Test
  void noticesSlipsOfThePen() {
    assertThat(
            CustomSettings.unknown(
                Set.of(
                    "database_pool_size",
                    "databasePoolSize",
                    "token_lifetme",
                    "tokenLifetme",
                    "hashMemory",
                    "service.pid",
                    "component.id"),
                Settings.KEYS))
        .containsExactly("token_lifetme");
  }

  @Test
  void listsTheKeysThatTheComponentTakes() {
    Set<String> methods =
        Arrays.stream(IdentityCore.Config.class.getDeclaredMethods())
            .map(Method::getName)
            .collect(Collectors.toSet());
    assertThat(methods).hasSameSizeAs(Settings.KEYS);
    assertThat(CustomSettings.unknown(methods, Settings.KEYS)).isEmpty();
  }

  private static void assertRefused(String method, Object value, String message) {
    assertThatThrownBy(() -> Settings.of(TestConfig.with(method, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
