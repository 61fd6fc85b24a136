package blackhole.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessStatTest {
  private static final String AFTER_NAME =
      " S 17 4242 4242 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 7 0 987654 1048576 512 1844674407";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java",
        "tmux: server",
        "a) R 1 1 (b",
        "(sd-pam)",
        "two\nlines",
        "",
        ") ) )",
        "ünï"
      })
  void readsTheFieldsAfterAnyName(String name) {
    assertThat(ProcessStat.parse("4242 (" + name + ")" + AFTER_NAME))
        .contains(new ProcessStat('S', 4242, 4242, 300, 7, 987654, 512));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "4242", "4242 (java)", "4242 (java) ", "4242 (java) S 1 2", "4242 (java) S x"})
  void aLineOfSomethingElseIsNoProcess(String line) {
    assertThat(ProcessStat.parse(line)).isEmpty();
  }

  @Test
  void aNumberThatIsNoneIsNoProcess() {
    assertThat(ProcessStat.parse("4242 (java)" + AFTER_NAME.replace("987654", "soon"))).isEmpty();
  }

  @Test
  void aZombieHasEnded() {
    assertThat(ProcessStat.parse("1 (x)" + AFTER_NAME).orElseThrow().ended()).isFalse();
    assertThat(ProcessStat.parse("1 (x)" + AFTER_NAME.replace(" S ", " Z ")).orElseThrow().ended())
        .isTrue();
    assertThat(ProcessStat.parse("1 (x)" + AFTER_NAME.replace(" S ", " X ")).orElseThrow().ended())
        .isTrue();
  }
}
