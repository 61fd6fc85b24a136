package blackhole.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.service.CustomSettings;
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
        .isEqualTo(new Settings(64 << 10, 16 << 20, Duration.ofDays(1), 4, 8 << 20));
  }

  @Test
  void takesEachKey() {
    assertThat(
            Settings.of(
                TestConfig.with(
                    "maxEntrySize",
                    10L,
                    "appendBuffer",
                    65536L,
                    "verifyInterval",
                    1500L,
                    "databasePoolSize",
                    20,
                    "cacheSize",
                    64L << 20)))
        .isEqualTo(new Settings(10, 65536, Duration.ofMillis(1500), 20, 64 << 20));
  }

  @ParameterizedTest
  @CsvSource({
    "maxEntrySize, 0, max_entry_size",
    "maxEntrySize, 1048577, max_entry_size",
    "appendBuffer, 65535, append_buffer",
    "verifyInterval, 999, verify_interval",
    "cacheSize, 0, cache_size"
  })
  void refusesWhatIsOutOfBoundsByName(String method, long value, String key) {
    assertRefused(method, value, "custom." + key + " is " + value + ", but must be from ");
  }

  @ParameterizedTest
  @CsvSource({"1", "257"})
  void refusesAPoolOutOfBounds(int size) {
    assertRefused(
        "databasePoolSize", size, "custom.database_pool_size is " + size + ", but must be from ");
  }

  @Test
  void saysWhichKeyIsNoNumber() {
    assertRefused(
        "appendBuffer",
        new IllegalStateException("cannot convert 'lots'"),
        "custom.append_buffer is not a whole number: cannot convert 'lots'");
  }

  @Test
  void noticesSlipsOfThePen() {
    assertThat(
            CustomSettings.unknown(
                Set.of("append_buffer", "appendBuffer", "append_buffers", "service.pid"),
                Settings.KEYS))
        .containsExactly("append_buffers");
  }

  @Test
  void listsTheKeysThatTheComponentTakes() {
    Set<String> methods =
        Arrays.stream(LedgerCore.Config.class.getDeclaredMethods())
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
