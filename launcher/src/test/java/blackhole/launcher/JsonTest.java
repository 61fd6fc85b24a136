package blackhole.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void readsWhatProtobufWrites() {
    Json json =
        Json.parse(
            "{\"hits\":[{\"cid\":\"bafk\",\"size\":\"12\"}],\"total\":3.0,"
                + "\"any\":{\"@type\":\"type.googleapis.com/a.B\",\"text\":\"\\u003c\\/\\n\"}}\n");
    assertThat(json.get("hits").list()).hasSize(1);
    assertThat(json.get("hits").list().get(0).get("cid").string()).isEqualTo("bafk");
    assertThat(json.get("hits").list().get(0).get("size").number()).isEqualTo(12);
    assertThat(json.get("total").number()).isEqualTo(3);
    assertThat(json.get("any").get("text").string()).isEqualTo("</\n");
    assertThat(json.text()).startsWith("{").endsWith("}");
  }

  @Test
  void whatIsNotThereIsEmpty() {
    Json json = Json.parse("{}");
    assertThat(json.get("a").get("b").string()).isEmpty();
    assertThat(json.get("a").list()).isEmpty();
    assertThat(json.get("a").number()).isZero();
  }

  @Test
  void readsWhatItWrites() {
    String text = "\"quoted\" \\ \n\u0001 and more";
    assertThat(Json.parse(Json.object("a", text, "b", "")).get("a").string()).isEqualTo(text);
  }

  @Test
  void saysWhatIsNoJson() {
    assertThatThrownBy(() -> Json.parse("{\"a\":"))
        .isInstanceOf(LauncherException.class)
        .hasMessageContaining("no JSON: {\"a\":");
  }
}
