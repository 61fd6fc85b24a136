package blackhole.analytics.count;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypePatternTest {
  @ParameterizedTest
  @CsvSource({
    "did.created, did.created, true",
    "did.*, did.created, true",
    "did.*, did.key.added, true",
    "did.*, did, false",
    "*, anything.at.all, true",
    "*.created, did.created, true",
    "*.created, did.key.created, false",
    "did.*.added, did.key.added, true",
    "did.created, did.creates, false"
  })
  void matchesAsTheEventStreamDoes(String pattern, String type, boolean expected) {
    assertThat(TypePattern.matcher(pattern).test(type)).isEqualTo(expected);
  }

  @Test
  void tellsPatternsFromOtherText() {
    assertThat(TypePattern.isPattern("did.*")).isTrue();
    assertThat(TypePattern.isPattern("Did")).isFalse();
    assertThat(TypePattern.isPattern("a..b")).isFalse();
    assertThat(TypePattern.isPattern("a*")).isFalse();
    assertThat(TypePattern.isPattern("a".repeat(201))).isFalse();
    assertThat(TypePattern.matcher("").test("(other)")).isTrue();
  }
}
