package blackhole.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.service.CustomSettings;
import blackhole.telemetry.history.Shape;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @Test
  void keepsADayByDefault() {
    assertThat(Settings.of(TestConfig.with()))
        .isEqualTo(new Settings(new Shape(10_000, 8640, 48), 64));
  }

  @Test
  void keepsAtLeastWhatIsAskedFor() {
    assertThat(Settings.of(TestConfig.with("sampleInterval", 400L, "retention", 1000L)).shape())
        .isEqualTo(new Shape(400, 3, 48));
  }

  @ParameterizedTest
  @CsvSource({"sampleInterval, 99, sample_interval", "retention, 19999, retention"})
  void refusesTimesOutOfBoundsByName(String method, long value, String key) {
    assertRefused(method, value, "custom." + key + " is " + value + ", but must be from ");
  }

  @ParameterizedTest
  @CsvSource({
    "maxMetrics, 15, max_metrics",
    "maxMetrics, 1025, max_metrics",
    "maxInstances, 0, max_instances"
  })
  void refusesNumbersOutOfBoundsByName(String method, int value, String key) {
    assertRefused(method, value, "custom." + key + " is " + value + ", but must be from ");
  }

  @Test
  void listsTheKeysThatTheComponentTakes() {
    Set<String> methods =
        Arrays.stream(TelemetryCore.Config.class.getDeclaredMethods())
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
