package blackhole.events.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypePatternTest {
  @ParameterizedTest
  @CsvSource({
    "'', did, true",
    "'', did.created, true",
    "*, did, true",
    "*, did.key.added, true",
    "did.*, did.created, true",
    "did.*, did.key.added, true",
    "did.*, did, false",
    "did.*, didx.created, false",
    "did.*, xdid.created, false",
    "did.created, did.created, true",
    "did.created, did.created.twice, false",
    "did.created, did, false",
    "did, did, true",
    "did, did.created, false",
    "*.created, did.created, true",
    "*.created, blob.created, true",
    "*.created, created, false",
    "*.created, did.key.created, false",
    "*.*, did.created, true",
    "*.*, did, false",
    "*.*, did.key.added, true",
    "did.*.added, did.key.added, true",
    "did.*.added, did.added, false",
    "did.*.added, did.key.other.added, false",
    "did.*.*, did.key.added, true",
    "did.*.*, did.created, false",
    "a_b-1.*, a_b-1.c, true",
  })
  void matches(String pattern, String type, boolean expected) {
    assertThat(TypePattern.of(pattern).matches(type)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".",
        "did.",
        ".did",
        "did..created",
        "**",
        "did*",
        "did.*x",
        "Did",
        "did created",
        "did/*"
      })
  void refusesWhatIsNoPattern(String text) {
    assertThatThrownBy(() -> TypePattern.of(text)).isInstanceOf(IllegalArgumentException.class);
    assertThat(TypePattern.isType(text)).isFalse();
  }

  @Test
  void knowsTypesFromPatterns() {
    assertThat(TypePattern.isType("did.created")).isTrue();
    assertThat(TypePattern.isType("did.*")).isFalse();
    assertThat(TypePattern.isType("")).isFalse();
    assertThat(TypePattern.isType("x".repeat(TypePattern.MAX_LENGTH))).isTrue();
    assertThat(TypePattern.isType("x".repeat(TypePattern.MAX_LENGTH + 1))).isFalse();
    assertThat(TypePattern.of("")).isEqualTo(TypePattern.of("*"));
  }
}
