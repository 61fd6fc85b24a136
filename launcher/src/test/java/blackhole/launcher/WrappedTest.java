package blackhole.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WrappedTest {
  private static final String WORD = "x".repeat(45);

  @Test
  void leavesShortLinesAlone() {
    assertThat(Wrapped.text("   {\"a\": 1, \"b\": 2}")).isEqualTo("   {\"a\": 1, \"b\": 2}");
    assertThat(Wrapped.text("")).isEmpty();
  }

  @Test
  void breaksBehindCommasOnly() {
    String text = "   {\"a\":\"" + WORD + "\",\"b\":\"" + WORD + "\", \"c\":1}";
    assertThat(Wrapped.text(text).lines())
        .containsExactly("   {\"a\":\"" + WORD + "\",", "     \"b\":\"" + WORD + "\", \"c\":1}");
  }

  @Test
  void leavesTextsWhole() {
    String sentence = "\"" + WORD + ", \\\"" + WORD + ", " + WORD + "\"";
    assertThat(Wrapped.text("[" + sentence + ",1]").lines())
        .containsExactly("[" + sentence + ",", "     1]");
  }
}
