package blackhole.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BootOptionsTest {
  @Test
  void readsKindAndPairs() {
    BootOptions options = BootOptions.parse("host", "--home", "/a b", "--id", "h1");
    assertThat(options.kind()).isEqualTo(BootOptions.Kind.HOST);
    assertThat(options.path("home")).isEqualTo(Path.of("/a b"));
    assertThat(options.find("id")).contains("h1");
    assertThat(options.find("none")).isEmpty();
  }

  @Test
  void saysWhatIsWrong() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BootOptions.parse())
        .withMessageContaining("expected 'orchestrator' or 'host'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BootOptions.parse("hots"))
        .withMessageContaining("'hots'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BootOptions.parse("host", "--home"))
        .withMessageContaining("--home");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BootOptions.parse("host").path("home"))
        .withMessageContaining("--home is missing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BootOptions.parse("host", "--spare", "yes").number("spare"))
        .withMessageContaining("--spare: expected a number");
  }
}
