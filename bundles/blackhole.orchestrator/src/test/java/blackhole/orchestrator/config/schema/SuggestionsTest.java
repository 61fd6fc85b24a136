package blackhole.orchestrator.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
  private static final List<String> KEYS = List.of("port", "bundle", "enabled", "instances");

  @ParameterizedTest
  @CsvSource({
    "'', abc, 3",
    "abc, abc, 0",
    "abc, acb, 1",
    "port, prot, 1",
    "abc, ab, 1",
    "abc, xbc, 1",
    "ca, abc, 3",
    "kitten, sitting, 3"
  })
  void distance(String a, String b, int expected) {
    assertThat(Suggestions.distance(a, b)).isEqualTo(expected);
    assertThat(Suggestions.distance(b, a)).isEqualTo(expected);
  }

  @Test
  void the_closest_is_suggested() {
    assertThat(Suggestions.closest("prot", KEYS)).contains("port");
    assertThat(Suggestions.closest("instance", KEYS)).contains("instances");
    assertThat(Suggestions.closest("eanbled", KEYS)).contains("enabled");
  }

  @Test
  void what_is_far_from_all_suggests_nothing() {
    assertThat(Suggestions.closest("volumes", KEYS)).isEmpty();
    assertThat(Suggestions.closest("x", KEYS)).isEmpty();
    assertThat(Suggestions.closest("p".repeat(100_000), KEYS)).isEmpty();
    assertThat(Suggestions.closest("port", List.of())).isEmpty();
  }
}
