package blackhole.identity.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsernameTest {
  @ParameterizedTest
  @CsvSource({
    "alice, ALICE",
    "Ali, ALI",
    "\u00e9tienne, E\u0301TIENNE",
    "stra\u00dfe, STRASSE",
    "\uff41lice, alice",
    "\u03c3\u03c2, \u03a3\u03a3"
  })
  void takesTheseForTheSame(String one, String other) {
    assertThat(Username.of(one).key()).isEqualTo(Username.of(other).key());
  }

  @Test
  void takesThemForTheSameOnATurkishMachine() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("tr-TR"));
    try {
      assertThat(Username.of("INGRID").key()).isEqualTo("ingrid");
      assertThat(Username.of("ingrid").key()).isEqualTo("ingrid");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void isShownAsItWasWritten() {
    assertThat(Username.of("Alice").text()).isEqualTo("Alice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "alice", "Al1ce", "a.b_c-d+e@example.org", "\u5c71\u7530", "\u0939\u093f"})
  void allowsThese(String name) {
    assertThat(Username.of(name).violation()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " alice",
        "alice ",
        "a b",
        "a\tb",
        "a\nb",
        "a\u0000b",
        "a\u200bb",
        "a\u202eb",
        "a/b",
        "a'b",
        "a\"b",
        "a;b",
        "\ud83d\ude00"
      })
  void refusesThese(String name) {
    assertThat(Username.of(name).violation())
        .hasValueSatisfying(violation -> assertThat(violation.field()).isEqualTo("username"));
  }

  @Test
  void countsCharactersAsPeopleDo() {
    assertThat(Username.of("\ud840\udc00".repeat(64)).violation()).isEmpty();
    assertThat(Username.of("\ud840\udc00".repeat(65)).violation()).isPresent();
    assertThat(Username.of("a".repeat(65)).violation()).isPresent();
  }

  @Test
  void keepsLittleOfAnEndlessName() {
    assertThat(Username.of("\ufdfa".repeat(1_000_000)).key().length()).isLessThanOrEqualTo(512);
  }
}
