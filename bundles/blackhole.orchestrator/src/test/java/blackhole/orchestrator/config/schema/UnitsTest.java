package blackhole.orchestrator.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "0B, 0",
    "1B, 1",
    "1K, 1024",
    "1KB, 1024",
    "64M, 67108864",
    "64MB, 67108864",
    "1G, 1073741824",
    "8GB, 8589934592",
    "8589934591GB, 9223372035781033984"
  })
  void sizes(String text, long bytes) {
    assertThat(Sizes.matches(text)).isTrue();
    assertThat(Sizes.parse(text)).hasValue(bytes);
    assertThat(text).matches(Sizes.PATTERN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1", "MB", "1 MB", "-1MB", "1.5MB", "1mb", "1MiB", "1T", "1BB", "٣MB"})
  void what_is_no_size(String text) {
    assertThat(Sizes.matches(text)).isFalse();
    assertThat(Sizes.parse(text)).isEmpty();
    assertThat(text).doesNotMatch(Sizes.PATTERN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8589934592GB", "9223372036854775808B", "99999999999999999999999K"})
  void sizes_that_overflow_are_seen_as_sizes(String text) {
    assertThat(Sizes.matches(text)).isTrue();
    assertThat(Sizes.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 0B", "1, 1B", "1024, 1KB", "1536, 1536B", "1048576, 1MB", "5368709120, 5GB"})
  void sizes_are_written_in_their_largest_unit(long bytes, String text) {
    assertThat(Sizes.format(bytes)).isEqualTo(text);
    assertThat(Sizes.parse(text)).hasValue(bytes);
  }

  @ParameterizedTest
  @CsvSource({"0s, 0", "500ms, 500", "30s, 30000", "5m, 300000", "2h, 7200000", "1d, 86400000"})
  void durations(String text, long millis) {
    assertThat(Durations.parse(text)).contains(Duration.ofMillis(millis));
    assertThat(Durations.format(Duration.ofMillis(millis))).isEqualTo(text);
    assertThat(text).matches(Durations.PATTERN);
  }

  @Test
  void durations_are_written_in_their_largest_unit() {
    assertThat(Durations.format(Duration.ofSeconds(90))).isEqualTo("90s");
    assertThat(Durations.format(Duration.ofMillis(1001))).isEqualTo("1001ms");
    assertThat(Durations.format(Duration.ofDays(2))).isEqualTo("2d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "5 s", "-5s", "1.5s", "5S", "5us", "1m30s", "9223372036854775808s"})
  void what_is_no_duration(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }
}
