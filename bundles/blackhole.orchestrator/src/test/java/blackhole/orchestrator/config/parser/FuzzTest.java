package blackhole.orchestrator.config.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Whatever a file holds, the answer is a configuration or errors that say where they are. */
class FuzzTest {
  private static final List<String> PIECES =
      List.of(
          ":",
          " ",
          "\n",
          "\t",
          "-",
          "{",
          "}",
          "[",
          "]",
          ",",
          "&a ",
          "*a",
          "!!x ",
          "\"",
          "'",
          "|",
          ">",
          "#",
          "%",
          "@",
          "?",
          "<<",
          "~",
          "${",
          "${env:PORT}",
          "-1",
          "1e9",
          "999999999999999999999",
          "\u0000",
          "\ufeff",
          "\ud83d\ude00",
          "---\n",
          "...",
          "services:",
          "no",
          "0x",
          ".nan");

  @Test
  void nothing_makes_it_fail() {
    String[] samples = {Configs.resource("design.yaml"), Configs.resource("seed.yaml")};
    Random random = new Random(39);
    for (int i = 0; i < 1000; i++) {
      String yaml = samples[i % samples.length];
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        yaml = mutation(random).apply(yaml);
      }
      answers(yaml);
    }
  }

  private static UnaryOperator<String> mutation(Random random) {
    String piece = PIECES.get(random.nextInt(PIECES.size()));
    double from = random.nextDouble();
    int removed = random.nextInt(12);
    return text -> {
      int at = (int) (from * text.length());
      return text.substring(0, at)
          + piece
          + text.substring(Math.min(text.length(), at + (removed > 8 ? removed : 0)));
    };
  }

  private static void answers(String yaml) {
    ParseResult result = Configs.parse(yaml);
    assertThat(result.config().isPresent()).as(yaml).isEqualTo(result.errors().isEmpty());
    long lines = yaml.lines().count() + 1;
    for (Problem error : result.errors()) {
      assertThat(error.toString()).as(yaml).doesNotContain("\n").doesNotContain("Exception");
      assertThat((long) error.line()).as(yaml).isBetween(1L, lines);
      assertThat(error.column()).as(yaml).isPositive();
    }
  }
}
