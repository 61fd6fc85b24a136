package blackhole.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.service.CustomSettings;
import java.lang.reflect.Method;
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
        .isEqualTo(new Settings(4L << 30, 128 << 10, 4, 8 << 20));
  }

  @Test
  void takesEachKey() {
    assertThat(
            Settings.of(
                TestConfig.with(
                    "maxBlobSize",
                    10L,
                    "chunkSize",
                    65536L,
                    "databasePoolSize",
                    20,
                    "cacheSize",
                    64L << 20)))
        .isEqualTo(new Settings(10, 65536, 20, 64 << 20));
  }

  @ParameterizedTest
  @CsvSource({
    "maxBlobSize, 0, max_blob_size",
    "maxBlobSize, 9223372036854775807, max_blob_size",
    "chunkSize, 4095, chunk_size",
    "chunkSize, 2097153, chunk_size",
    "cacheSize, 0, cache_size"
  })
  void refusesSizesOutOfBoundsByName(String method, long value, String key) {
    assertRefused(method, value, "custom." + key + " is " + value + ", but must be from ");
  }

  @ParameterizedTest
  @CsvSource({"0", "257"})
  void refusesAPoolOutOfBounds(int size) {
    assertRefused(
        "databasePoolSize", size, "custom.database_pool_size is " + size + ", but must be from ");
  }

  @Test
  void saysWhichKeyIsNoNumber() {
    assertRefused(
        "chunkSize",
        new IllegalStateException("cannot convert 'lots'"),
        "custom.chunk_size is not a whole number: cannot convert 'lots'");
  }

  @Test
  void noticesSlipsOfThePen() {
    assertThat(
            CustomSettings.unknown(
                Set.of("chunk_size", "chunkSize", "chunk_sizes", "service.pid"), Settings.KEYS))
        .containsExactly("chunk_sizes");
  }

  @Test
  void listsTheKeysThatTheComponentTakes() {
    Set<String> methods =
        Arrays.stream(StorageCore.Config.class.getDeclaredMethods())
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
