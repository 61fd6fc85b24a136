package blackhole.orchestrator.config.schema;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Draws the published JSON Schema from the table of keys. */
final class JsonSchemas {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonSchemas() {}

  static String published() {
    ObjectNode root = NODES.objectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", "blackhole.yaml");
    root.put("description", "The configuration of a Blackhole node.");
    root.putObject("$defs")
        .putObject("reference")
        .put("description", "A value from the environment or from a file.")
        .put("type", "string")
        .put("pattern", "\\$\\{(env|file):[^}]+\\}");
    root.setAll(mapping(Schema.root()));
    root.put("type", "object");
    root.putArray("required").add(ServiceKeys.SECTION);
    ObjectNode services = (ObjectNode) root.get("properties").get(ServiceKeys.SECTION);
    services.put("type", "object").put("minProperties", 1);
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static ObjectNode section(Section section) {
    return section.list() ? list(section) : mapping(section);
  }

  private static ObjectNode list(Section section) {
    ObjectNode schema = NODES.objectNode();
    schema.putArray("type").add("array").add("null");
    // of what is in a list, nothing can be left out as a whole
    ObjectNode item = section((Section) section.children().get(Section.ANY));
    item.put("type", "object");
    if (section.path().equals(RemoteKeys.SECTION)) {
      schema.put("maxItems", RemoteKeys.MAX_NODES);
      item.putArray("required").add("node_id").add("services");
      ((ObjectNode) item.get("properties").get("services"))
          .put("type", "object")
          .put("minProperties", 1);
    }
    schema.set("items", item);
    return schema;
  }

  private static ObjectNode mapping(Section section) {
    ObjectNode schema = NODES.objectNode();
    schema.putArray("type").add("object").add("null");
    ObjectNode children =
        schema.putObject(section.names().isPresent() ? "patternProperties" : "properties");
    for (Map.Entry<String, Element> child : section.children().entrySet()) {
      String name = section.names().map(rule -> anchored(rule.pattern())).orElse(child.getKey());
      children.set(
          name,
          child.getValue() instanceof Section inner
              ? section(inner)
              : key((Key<?>) child.getValue()));
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private static ObjectNode key(Key<?> key) {
    ObjectNode schema = type(key.type());
    String byDefault = key.defaultYaml().map(yaml -> "Default: " + yaml + ". ").orElse("");
    schema.put("description", byDefault + "Left out: " + key.absent().replace("`", "") + ".");
    return schema;
  }

  private static ObjectNode type(ValueType<?> type) {
    if (type instanceof ListType<?> list) {
      return listOf(list.element());
    }
    if (type instanceof CustomType) {
      ObjectNode scalar = NODES.objectNode();
      scalar.putArray("type").add("string").add("number").add("boolean");
      ObjectNode list = NODES.objectNode().put("type", "array");
      list.set("items", scalar.deepCopy());
      return anyOf(List.of(scalar, list));
    }
    return orReference((ScalarType<?>) type);
  }

  private static ObjectNode listOf(ScalarType<?> element) {
    ObjectNode list = NODES.objectNode().put("type", "array");
    list.set("items", orReference(element));
    return list;
  }

  private static ObjectNode orReference(ScalarType<?> type) {
    ObjectNode reference = NODES.objectNode().put("$ref", "#/$defs/reference");
    return anyOf(List.of(scalar(type), reference));
  }

  private static ObjectNode anyOf(List<ObjectNode> schemas) {
    ObjectNode any = NODES.objectNode();
    any.putArray("anyOf").addAll(schemas);
    return any;
  }

  private static ObjectNode scalar(ScalarType<?> type) {
    ObjectNode schema = NODES.objectNode();
    if (type instanceof IntegerType integer) {
      schema.put("type", "integer").put("minimum", integer.min()).put("maximum", integer.max());
    } else if (type instanceof NumberType number) {
      schema.put("type", "number");
      schema.put(number.minExcluded() ? "exclusiveMinimum" : "minimum", number.min());
      schema.put("maximum", number.max());
    } else if (type instanceof FractionType fraction) {
      ObjectNode number = NODES.objectNode().put("type", "number").put("maximum", 1);
      number.put(fraction.zeroAllowed() ? "minimum" : "exclusiveMinimum", 0);
      ObjectNode percentage = text("\\+?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)%");
      schema.putArray("anyOf").add(number).add(percentage);
    } else if (type instanceof FlagType) {
      schema.put("type", "boolean");
    } else if (type instanceof ChoiceType<?> choice) {
      choice.choices().keySet().forEach(schema.putArray("enum")::add);
    } else if (type instanceof SizeType) {
      schema = text(Sizes.PATTERN);
    } else if (type instanceof DurationType) {
      schema = text(Durations.PATTERN);
    } else if (type instanceof AddressType) {
      schema = text(AddressType.PATTERN);
    } else if (type instanceof TextType text) {
      schema = text(text.pattern());
    } else {
      throw new AssertionError("no JSON Schema for " + type);
    }
    return schema;
  }

  private static ObjectNode text(String pattern) {
    return NODES.objectNode().put("type", "string").put("pattern", anchored(pattern));
  }

  private static String anchored(String pattern) {
    return "^(" + pattern + ")$";
  }
}
