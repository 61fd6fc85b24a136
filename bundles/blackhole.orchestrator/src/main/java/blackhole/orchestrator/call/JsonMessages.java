package blackhole.orchestrator.call;

import blackhole.api.rpc.MethodCallException;
import blackhole.orchestrator.call.JsonDocuments.Document;
import blackhole.orchestrator.config.schema.Suggestions;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.StringReader;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages from JSON and back, as the proto3 JSON mapping has it. What is packed into an {@code
 * Any} is looked up in the {@link Schema}; where nobody knows its type, that is all that is printed
 * of it. Thread-safe.
 */
final class JsonMessages {
  private static final Pattern POSITION =
      Pattern.compile("at line (\\d+) column (\\d+)(?: path (\\S+))?");

  private static final Pattern UNKNOWN_FIELD =
      Pattern.compile("Cannot find field: (.+) in message (\\S+)");

  private final Schema schema;
  private final boolean pretty;

  JsonMessages(Schema schema, boolean pretty) {
    this.schema = schema;
    this.pretty = pretty;
  }

  DynamicMessage parse(Document document, Descriptor type)
      throws MethodCallException, InterruptedException {
    // protobuf's own parser is a lenient one, and says less of where a mistake is
    loadNamedTypes(readStrictly(document));
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    try {
      JsonFormat.parser().usingTypeRegistry(schema.registry()).merge(document.text(), message);
      return message.build();
    } catch (InvalidProtocolBufferException e) {
      throw new MethodCallException(
          "the JSON at line "
              + document.line()
              + ", column "
              + document.column()
              + " is no "
              + type.getFullName()
              + ": "
              + explain(e));
    }
  }

  private static JsonElement readStrictly(Document document) throws MethodCallException {
    JsonReader reader = new JsonReader(new StringReader(document.text()));
    reader.setStrictness(Strictness.STRICT);
    try {
      return JsonParser.parseReader(reader);
    } catch (JsonParseException e) {
      throw new MethodCallException("bad JSON near " + position(document, e));
    }
  }

  /** Where in all that was read the parser stopped, which knows this document only. */
  private static String position(Document document, JsonParseException e) {
    Matcher found = POSITION.matcher(String.valueOf(e.getMessage()));
    if (!found.find()) {
      return "line " + document.line() + ", column " + document.column();
    }
    int line = Integer.parseInt(found.group(1));
    int column = Integer.parseInt(found.group(2));
    String path = found.group(3);
    return "line "
        + (document.line() + line - 1)
        + ", column "
        + (line == 1 ? document.column() + column - 1 : column)
        + (path == null || path.equals("$") || path.equals("$.") ? "" : ", in " + path);
  }

  private String explain(InvalidProtocolBufferException e) throws InterruptedException {
    String message = String.valueOf(e.getMessage());
    Matcher unknown = UNKNOWN_FIELD.matcher(message);
    if (!unknown.find()) {
      return message;
    }
    String field = unknown.group(1);
    String type = unknown.group(2);
    return "unknown field '"
        + field
        + "' in "
        + type
        + Suggestions.closest(field, fields(type))
            .map(closest -> "; did you mean '" + closest + "'?")
            .orElse("");
  }

  private List<String> fields(String type) throws InterruptedException {
    try {
      return schema.type(type).stream()
          .flatMap(found -> found.getFields().stream())
          .map(FieldDescriptor::getJsonName)
          .toList();
    } catch (MethodCallException e) {
      // a suggestion is not worth a failure
      return List.of();
    }
  }

  private void loadNamedTypes(JsonElement element)
      throws MethodCallException, InterruptedException {
    if (element.isJsonArray()) {
      for (JsonElement each : element.getAsJsonArray()) {
        loadNamedTypes(each);
      }
    } else if (element.isJsonObject()) {
      for (Map.Entry<String, JsonElement> each : element.getAsJsonObject().entrySet()) {
        if (each.getKey().equals("@type") && each.getValue().isJsonPrimitive()) {
          Optional<Descriptor> unused = schema.type(typeName(each.getValue().getAsString()));
        }
        loadNamedTypes(each.getValue());
      }
    }
  }

  private static String typeName(String url) {
    return url.substring(url.lastIndexOf('/') + 1);
  }

  String print(Message message) throws MethodCallException, InterruptedException {
    try {
      loadPackedTypes(message);
      JsonFormat.Printer printer = JsonFormat.printer().usingTypeRegistry(schema.registry());
      return (pretty ? printer : printer.omittingInsignificantWhitespace()).print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new MethodCallException(
          "cannot print a " + message.getDescriptorForType().getFullName() + ": " + e.getMessage());
    }
  }

  private void loadPackedTypes(Message message)
      throws MethodCallException, InterruptedException, InvalidProtocolBufferException {
    if (message.getDescriptorForType().getFullName().equals(Any.getDescriptor().getFullName())) {
      Any any = Any.parseFrom(message.toByteString());
      Optional<Descriptor> type = schema.type(typeName(any.getTypeUrl()));
      if (type.isPresent()) {
        loadPackedTypes(DynamicMessage.parseFrom(type.get(), any.getValue()));
      } else if (!any.getTypeUrl().isEmpty()) {
        schema.declareOpaque(typeName(any.getTypeUrl()));
      }
      return;
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        loadPackedTypes(field.getValue());
      }
    }
  }

  private void loadPackedTypes(Object value)
      throws MethodCallException, InterruptedException, InvalidProtocolBufferException {
    if (value instanceof Message message) {
      loadPackedTypes(message);
    } else if (value instanceof Collection<?> values) {
      for (Object each : values) {
        loadPackedTypes(each);
      }
    }
  }
}
