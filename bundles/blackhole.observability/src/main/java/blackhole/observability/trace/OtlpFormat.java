package blackhole.observability.trace;

import blackhole.api.observe.Span;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** OpenTelemetry's protocol over HTTP, in its encoding as JSON. */
final class OtlpFormat implements SpanFormat {
  private static final int STATUS_ERROR = 2;
  private static final String STATUS_CODE = "rpc.grpc.status_code";

  @Override
  public String write(List<Span> spans, String nodeId) {
    Map<String, JsonArray> byOrigin = new LinkedHashMap<>();
    spans.forEach(
        span -> byOrigin.computeIfAbsent(span.origin(), each -> new JsonArray()).add(json(span)));
    JsonArray resources = new JsonArray();
    byOrigin.forEach((origin, own) -> resources.add(resource(origin, nodeId, own)));
    return object("resourceSpans", resources).toString();
  }

  private static JsonObject resource(String origin, String nodeId, JsonArray spans) {
    JsonArray attributes = new JsonArray();
    attributes.add(text("service.name", SpanFormat.service(origin)));
    attributes.add(text("service.instance.id", origin));
    attributes.add(text("blackhole.node", nodeId));
    JsonObject scope = new JsonObject();
    scope.add("scope", name("blackhole"));
    scope.add("spans", spans);
    JsonArray scopes = new JsonArray();
    scopes.add(scope);
    JsonObject resource = new JsonObject();
    resource.add("resource", object("attributes", attributes));
    resource.add("scopeSpans", scopes);
    return resource;
  }

  private static JsonObject json(Span span) {
    JsonObject json = new JsonObject();
    json.addProperty("traceId", span.traceId());
    json.addProperty("spanId", span.id());
    if (!span.parentId().isEmpty()) {
      json.addProperty("parentSpanId", span.parentId());
    }
    json.addProperty("name", span.name());
    json.addProperty("kind", kind(span.kind()));
    long start = ChronoUnit.NANOS.between(Instant.EPOCH, span.start());
    // 64 bits are text in protobuf's JSON
    json.addProperty("startTimeUnixNano", Long.toString(start));
    json.addProperty("endTimeUnixNano", Long.toString(start + span.duration().toNanos()));
    JsonArray attributes = new JsonArray();
    SpanFormat.attributes(span)
        .forEach(
            (key, value) ->
                attributes.add(
                    key.equals(STATUS_CODE) ? value(key, "intValue", value) : text(key, value)));
    json.add("attributes", attributes);
    if (!span.error().isEmpty()) {
      JsonObject status = new JsonObject();
      status.addProperty("code", STATUS_ERROR);
      status.addProperty("message", span.error());
      json.add("status", status);
    }
    return json;
  }

  private static int kind(Span.Kind kind) {
    return switch (kind) {
      case INTERNAL -> 1;
      case SERVER -> 2;
      case CLIENT -> 3;
      case PRODUCER -> 4;
      case CONSUMER -> 5;
    };
  }

  private static JsonObject text(String key, String value) {
    return value(key, "stringValue", value);
  }

  private static JsonObject value(String key, String type, String value) {
    JsonObject typed = new JsonObject();
    typed.addProperty(type, value);
    JsonObject attribute = new JsonObject();
    attribute.addProperty("key", key);
    attribute.add("value", typed);
    return attribute;
  }

  private static JsonObject name(String name) {
    JsonObject object = new JsonObject();
    object.addProperty("name", name);
    return object;
  }

  private static JsonObject object(String key, JsonArray value) {
    JsonObject object = new JsonObject();
    object.add(key, value);
    return object;
  }
}
