package blackhole.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
  private static final List<String> KNOWN = List.of("start", "call", "soak");

  private static Options parse(String... arguments) {
    return Options.parse(List.of(arguments), KNOWN);
  }

  @Test
  void runsAllInFullUnlessToldOtherwise() {
    Options options = parse();
    assertThat(options.isShort()).isFalse();
    assertThat(options.wants("start")).isTrue();
    assertThat(options.wants("soak")).isTrue();
    assertThat(options.rounds()).isEmpty();
    assertThat(options.results()).isEmpty();
  }

  @Test
  void takesWhatIsSaid() {
    Options options =
        parse("--short", "--rounds", "4", "--minutes", "7", "--results", "r.json", "call", "soak");
    assertThat(options.isShort()).isTrue();
    assertThat(options.rounds()).hasValue(4);
    assertThat(options.soak()).contains(Duration.ofMinutes(7));
    assertThat(options.results()).contains(Path.of("r.json"));
    assertThat(options.wants("start")).isFalse();
    assertThat(options.wants("call")).isTrue();
  }

  @Test
  void takesANumberForTheRounds() {
    assertThat(parse("3", "start").rounds()).hasValue(3);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("strat"))
        .withMessage("there is no strat; there is start, call, soak");
    assertThatIllegalArgumentException().isThrownBy(() -> parse("--rounds"));
    assertThatIllegalArgumentException().isThrownBy(() -> parse("--minutes", "0"));
  }
}
