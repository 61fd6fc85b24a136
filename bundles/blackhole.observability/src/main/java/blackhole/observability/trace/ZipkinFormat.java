package blackhole.observability.trace;

import blackhole.api.observe.Span;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Zipkin's API, version 2. */
final class ZipkinFormat implements SpanFormat {
  @Override
  public String write(List<Span> spans, String nodeId) {
    JsonArray all = new JsonArray();
    spans.forEach(span -> all.add(json(span, nodeId)));
    return all.toString();
  }

  private static JsonObject json(Span span, String nodeId) {
    JsonObject json = new JsonObject();
    json.addProperty("traceId", span.traceId());
    json.addProperty("id", span.id());
    if (!span.parentId().isEmpty()) {
      json.addProperty("parentId", span.parentId());
    }
    json.addProperty("name", span.name());
    if (span.kind() != Span.Kind.INTERNAL) {
      json.addProperty("kind", span.kind().name());
    }
    json.addProperty("timestamp", ChronoUnit.MICROS.between(Instant.EPOCH, span.start()));
    // 0 would mean that it is not known
    json.addProperty("duration", Math.max(1, span.duration().toNanos() / 1000));
    JsonObject endpoint = new JsonObject();
    endpoint.addProperty("serviceName", SpanFormat.service(span.origin()));
    json.add("localEndpoint", endpoint);
    JsonObject tags = new JsonObject();
    SpanFormat.attributes(span).forEach(tags::addProperty);
    tags.addProperty("service.instance.id", span.origin());
    tags.addProperty("blackhole.node", nodeId);
    if (!span.error().isEmpty()) {
      tags.addProperty("error", span.error());
    }
    json.add("tags", tags);
    return json;
  }
}
