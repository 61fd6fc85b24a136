package blackhole.indexer.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTest {
  private static Content content(String text) {
    return Content.of(text.getBytes(UTF_8)).orElseThrow();
  }

  @Test
  void takesUtf8ForText() {
    assertThat(content("\uFEFFGrüße\n\tan 世界"))
        .isEqualTo(new Content(Kind.TEXT, "Grüße\n\tan 世界", List.of()));
    assertThat(content("").kind()).isEqualTo(Kind.TEXT);
  }

  @Test
  void leavesOutWhatIsNoText() {
    assertThat(Content.of(new byte[] {'a', 0, 'b'})).isEqualTo(Optional.empty());
    assertThat(Content.of(new byte[] {'a', (byte) 0xff})).isEqualTo(Optional.empty());
    assertThat(Content.of("\u001b[31mred".getBytes(UTF_8))).isEqualTo(Optional.empty());
  }

  @Test
  void readsTheValuesOfJsonWithTheirPaths() {
    Content json =
        content(
            """
            {"title": "Black holes", "author": {"name": "Ada", "born": 1815, "alive": false},
             "tags": ["stars", ["dark", null]], "parts": [{"n": 1}, {"n": 2}], "note": null}
            """);

    assertThat(json.kind()).isEqualTo(Kind.JSON);
    assertThat(json.values())
        .containsExactly(
            new JsonValue("title", "Black holes"),
            new JsonValue("author.name", "Ada"),
            new JsonValue("author.born", "1815"),
            new JsonValue("author.alive", "false"),
            new JsonValue("tags", "stars"),
            new JsonValue("tags", "dark"),
            new JsonValue("parts.n", "1"),
            new JsonValue("parts.n", "2"));
    assertThat(json.text())
        .contains("title: Black holes\n", "name: Ada\n", "tags: stars, dark\n", "n: 1\nn: 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": 1",
        "{\"a\": 1} and more",
        "{a: 1}",
        "[1, 2,]",
        "{'a': 1}",
        "\"a string\"",
        "42",
        "]",
        "[}"
      })
  void takesWhatIsAlmostJsonForText(String text) {
    assertThat(content(text)).isEqualTo(new Content(Kind.TEXT, text, List.of()));
  }

  @Test
  void readsNoDeeperThanAnybodyWrites() {
    assertThat(content("[".repeat(100_000)).kind()).isEqualTo(Kind.TEXT);
    assertThat(content("[".repeat(1000) + "]".repeat(1000)).kind()).isEqualTo(Kind.TEXT);
    assertThat(content("[".repeat(50) + "1" + "]".repeat(50)).kind()).isEqualTo(Kind.JSON);
  }

  @Test
  void boundsTheMemoryOfPaths() {
    String json = "{\"" + "n".repeat(5000) + "\":[" + "1,".repeat(20_000) + "1]}";
    Content content = content(json);
    assertThat(content.values()).hasSize(10_000);
    assertThat(content.values().get(0).path()).hasSize(200);
    assertThat(content.text().length()).isLessThan(2 * json.length());
  }
}
