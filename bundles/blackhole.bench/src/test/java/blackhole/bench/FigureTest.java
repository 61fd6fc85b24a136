package blackhole.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class FigureTest {
  @Test
  void holdsARatioAgainstItsTarget() {
    Figure met = Figure.of("start", 300, "ms", 200, "<= 1.5", "because");
    assertThat(met.ratio()).isEqualTo(1.5);
    assertThat(met.met()).isTrue();
    assertThat(met.why()).isNull();
    Figure missed = Figure.of("throughput", 70, "calls/s", 100, ">= 0.8", "because");
    assertThat(missed.met()).isFalse();
    assertThat(missed.why()).isEqualTo("because");
  }

  @Test
  void takesTheMiddleOfTheRoundsRatios() {
    Figure figure =
        Figure.ofRounds(
            "calls",
            new double[] {90, 10, 100},
            "calls/s",
            new double[] {100, 10, 200},
            ">= 0.9",
            "because");
    assertThat(figure.ratio()).isEqualTo(0.9);
    assertThat(figure.value()).isEqualTo(90);
    assertThat(figure.baseline()).isEqualTo(100);
    assertThat(figure.met()).isTrue();
  }

  @Test
  void knowsTwoKindsOfTarget() {
    assertThatIllegalArgumentException().isThrownBy(() -> Figure.meets(1, "about 2"));
  }

  @Test
  void takesTheMiddle() {
    assertThat(new Samples(new double[] {3, 1, 2}).median()).isEqualTo(2);
    assertThat(new Samples(new double[] {4, 1, 2, 3}).median()).isEqualTo(2.5);
  }
}
