package blackhole.indexer;

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
        .isEqualTo(new Settings(1 << 20, 8 << 20, Duration.ofSeconds(1), Duration.ofSeconds(5)));
  }

  @ParameterizedTest
  @CsvSource({
    "maxDocumentSize, 0, max_document_size",
    "maxDocumentSize, 16777217, max_document_size",
    "bufferSize, 1048575, buffer_size",
    "commitInterval, 9, commit_interval",
    "searchTimeout, 0, search_timeout"
  })
  void refusesWhatIsOutOfBoundsByName(String method, long value, String key) {
    assertThatThrownBy(() -> Settings.of(TestConfig.with(method, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("custom." + key + " is " + value + ", but must be from ");
  }

  @Test
  void listsTheKeysThatTheComponentTakes() {
    Set<String> methods =
        Arrays.stream(IndexerCore.Config.class.getDeclaredMethods())
            .map(Method::getName)
            .collect(Collectors.toSet());
    assertThat(methods).hasSameSizeAs(Settings.KEYS);
    assertThat(CustomSettings.unknown(methods, Settings.KEYS)).isEmpty();
  }
}
