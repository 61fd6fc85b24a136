package blackhole.orchestrator.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "250, 250 ms",
    "1000, 1 s",
    "1500, 1.5 s",
    "30000, 30 s",
    "60000, 1 min",
    "90000, 90 s",
    "600000, 10 min",
    "7200000, 2 h"
  })
  void durations(long millis, String words) {
    assertThat(Words.of(Duration.ofMillis(millis))).isEqualTo(words);
  }

  @Test
  void measuredTimesAreTheSameEverywhere() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(Words.measured(Duration.ofMillis(1234))).isEqualTo("1.23 s");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void lists() {
    assertThat(Words.list(List.of())).isEmpty();
    assertThat(Words.list(List.of("a"))).isEqualTo("a");
    assertThat(Words.list(List.of("a", "b"))).isEqualTo("a and b");
    assertThat(Words.list(List.of("a", "b", "c"))).isEqualTo("a, b and c");
  }
}
