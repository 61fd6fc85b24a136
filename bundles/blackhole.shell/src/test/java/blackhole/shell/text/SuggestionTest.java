package blackhole.shell.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
  private static final List<String> NAMES = List.of("identity", "storage", "ps", "stop", "start");

  @ParameterizedTest
  @CsvSource({"identty,identity", "idnetity,identity", "Storage,storage", "sp,ps", "strat,start"})
  void aSlipIsRecognised(String typed, String meant) {
    assertThat(Suggestion.phrase(typed, NAMES)).isEqualTo("; did you mean '" + meant + "'?");
  }

  @ParameterizedTest
  @CsvSource({"frobnicate", "xyz", "''"})
  void somethingElseIsNot(String typed) {
    assertThat(Suggestion.phrase(typed, NAMES)).isEmpty();
  }

  @Test
  void upperCaseMeansTheSameInTurkey() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      assertThat(Suggestion.phrase("IDENTITY", NAMES)).contains("'identity'");
    } finally {
      Locale.setDefault(before);
    }
  }
}
