package blackhole.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.service.CustomSettings;
import blackhole.events.stream.StreamSettings;
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
                new StreamSettings(
                    16 << 20, 1 << 30, Duration.ofDays(7), true, 8 << 20, 50_000, 100, 1000, 100),
                256 << 10));
  }

  @Test
  void takesWhatIsSet() {
    Settings settings =
        Settings.of(TestConfig.with("sync", "os", "buffer", 7, "retentionAge", 60_000L));
    assertThat(settings.stream().sync()).isFalse();
    assertThat(settings.stream().buffer()).isEqualTo(7);
    assertThat(settings.stream().retentionAge()).isEqualTo(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @CsvSource({
    "segmentSize, 4095, segment_size",
    "retentionSize, 33554431, retention_size",
    "retentionAge, 0, retention_age",
    "maxEventSize, 2097153, max_event_size",
    "cacheSize, -1, cache_size"
  })
  void refusesSizesOutOfBoundsByName(String method, long value, String key) {
    assertRefused(method, value, "custom." + key + " is " + value + ", but must be from ");
  }

  @ParameterizedTest
  @CsvSource({
    "buffer, 0, buffer",
    "maxSubscribers, 0, max_subscribers",
    "maxGroups, -1, max_groups",
    "duplicateWindow, -1, duplicate_window"
  })
  void refusesNumbersOutOfBoundsByName(String method, int value, String key) {
    assertRefused(method, value, "custom." + key + " is " + value + ", but must be from ");
  }

  @Test
  void refusesAnUnknownWayToSync() {
    assertRefused("sync", "never", "custom.sync is 'never', but must be commit or os");
  }

  @Test
  void saysWhichKeyIsNoNumber() {
    assertRefused(
        "segmentSize",
        new IllegalStateException("cannot convert 'lots'"),
        "custom.segment_size is not a whole number: cannot convert 'lots'");
  }

  @Test
  void listsTheKeysThatTheComponentTakes() {
    Set<String> methods =
        Arrays.stream(EventsCore.Config.class.getDeclaredMethods())
            .map(Method::getName)
            .collect(Collectors.toSet());
    assertThat(methods).hasSameSizeAs(Settings.KEYS);
    assertThat(CustomSettings.unknown(methods, Settings.KEYS)).isEmpty();
    assertThat(CustomSettings.unknown(Set.of("retention_sizes", "service.pid"), Settings.KEYS))
        .containsExactly("retention_sizes");
  }

  private static void assertRefused(String method, Object value, String message) {
    assertThatThrownBy(() -> Settings.of(TestConfig.with(method, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
