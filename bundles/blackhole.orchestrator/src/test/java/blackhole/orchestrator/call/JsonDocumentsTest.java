package blackhole.orchestrator.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.rpc.MethodCallException;
import blackhole.orchestrator.call.JsonDocuments.Document;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDocumentsTest {
  @Test
  void valuesOfEveryKindStandOneAfterTheOther() throws Exception {
    assertThat(texts("{\"a\":{\"b\":[1,{}]}} [1,[2]]\"s\" 12 true{}\nnull -1.5e3"))
        .containsExactly(
            "{\"a\":{\"b\":[1,{}]}}", "[1,[2]]", "\"s\"", "12", "true", "{}", "null", "-1.5e3");
  }

  @Test
  void bracesAndQuotesInTextsMeanNothing() throws Exception {
    assertThat(texts("{\"a\":\"}\\\"]{\\\\\"}{}")).containsExactly("{\"a\":\"}\\\"]{\\\\\"}", "{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\r\n\t"})
  void nothingIsNoDocument(String text) throws Exception {
    assertThat(texts(text)).isEmpty();
  }

  @Test
  void eachKnowsWhereItBegins() throws Exception {
    assertThat(documents("1\n  {}\n\n{\n}{} 2\n3"))
        .containsExactly(
            new Document("1", 1, 1),
            new Document("{}", 2, 3),
            new Document("{\n}", 4, 1),
            new Document("{}", 5, 2),
            new Document("2", 5, 5),
            new Document("3", 6, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{} {", "{} [1", "{} \"a", "{} {\"a\": \"}"})
  void anEndInTheMiddleIsPlaced(String text) {
    assertThatThrownBy(() -> texts(text))
        .isInstanceOf(MethodCallException.class)
        .hasMessageContaining("line 1, column 4");
  }

  private static List<String> texts(String text) throws Exception {
    return documents(text).stream().map(Document::text).toList();
  }

  private static List<Document> documents(String text) throws Exception {
    JsonDocuments documents = new JsonDocuments(new StringReader(text));
    List<Document> all = new ArrayList<>();
    Document next;
    while ((next = documents.next()) != null) {
      all.add(next);
    }
    return all;
  }
}
