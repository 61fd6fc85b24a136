package blackhole.orchestrator.config.schema;

import static blackhole.orchestrator.config.schema.Samples.INVALID;
import static blackhole.orchestrator.config.schema.Samples.VALID;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.orchestrator.config.parser.Configs;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published JSON Schema and the checker are of one mind. */
class JsonSchemaTest {
  private static final com.networknt.schema.Schema SCHEMA = load();

  private static com.networknt.schema.Schema load() {
    try {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Files.readString(Published.JSON_SCHEMA), InputFormat.JSON);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void it_is_drawn_from_the_table() throws IOException {
    Published.holds(Published.JSON_SCHEMA, JsonSchemas.published());
  }

  @Test
  void it_has_the_checkers_keys_and_no_others() throws IOException {
    JsonNode root = JsonMapper.shared().readTree(Files.readString(Published.JSON_SCHEMA));
    List<String> keys = new ArrayList<>();
    collect(root, "", keys);
    assertThat(keys).containsExactlyElementsOf(Schema.keys().stream().map(Key::path).toList());
  }

  private static void collect(JsonNode schema, String path, List<String> keys) {
    if (schema.path("items").has("properties")) {
      collect(schema.get("items"), Schema.join(path, Section.ANY), keys);
      return;
    }
    if (!schema.has("properties") && !schema.has("patternProperties")) {
      keys.add(path);
    }
    for (Map.Entry<String, JsonNode> child : schema.path("properties").properties()) {
      collect(child.getValue(), Schema.join(path, child.getKey()), keys);
    }
    for (Map.Entry<String, JsonNode> child : schema.path("patternProperties").properties()) {
      collect(child.getValue(), Schema.join(path, Section.ANY), keys);
    }
  }

  static Stream<String> valid() {
    return VALID.stream();
  }

  static Stream<String> invalid() {
    return INVALID.stream();
  }

  @ParameterizedTest
  @MethodSource("valid")
  void both_accept(String yaml) {
    assertThat(Configs.errors(yaml)).isEmpty();
    assertThat(SCHEMA.validate(yaml, InputFormat.YAML)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void both_refuse(String yaml) {
    assertThat(Configs.errors(yaml)).isNotEmpty();
    assertThat(SCHEMA.validate(yaml, InputFormat.YAML)).isNotEmpty();
  }
}
