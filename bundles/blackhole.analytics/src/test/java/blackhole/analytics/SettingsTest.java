package blackhole.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.analytics.store.Limits;
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
    Settings settings = Settings.of(TestConfig.with());
    assertThat(settings.limits()).isEqualTo(new Limits(180, 168, 90, 200, 4 << 20));
    assertThat(settings.saveInterval()).isEqualTo(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @CsvSource({
    "minutes, 0, minutes",
    "hours, 10001, hours",
    "days, -1, days",
    "maxTypes, 1001, max_types"
  })
  void refusesNumbersOutOfBoundsByName(String method, int value, String key) {
    assertRefused(method, value, "custom." + key + " is " + value + ", but must be from ");
  }

  @ParameterizedTest
  @CsvSource({"saveInterval, 9, save_interval", "cacheSize, 1, cache_size"})
  void refusesOtherNumbersOutOfBoundsByName(String method, long value, String key) {
    assertRefused(method, value, "custom." + key + " is " + value + ", but must be from ");
  }

  @ParameterizedTest
  @CsvSource({"blob.stored", "blob.stored=0", "blob.stored=x", "Blob=1", "a=999999999"})
  void refusesAFieldThatIsNone(String entry) {
    assertRefused(
        "values",
        new String[] {entry},
        "custom.values has '" + entry + "', but must be an event's type, =, and the number of a");
  }

  @Test
  void refusesTwoFieldsForOneType() {
    assertRefused("subjects", new String[] {"a=1", "a=2"}, "custom.subjects has two fields for a");
  }

  @Test
  void listsTheKeysThatTheComponentTakes() {
    Set<String> methods =
        Arrays.stream(AnalyticsCore.Config.class.getDeclaredMethods())
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
