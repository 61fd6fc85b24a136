package blackhole.observability.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.observe.ActiveSpan;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is exported, as somebody reads it who knows OTLP from its published definition and nothing
 * of ours. No collector's program is to be had from where this is built, so this stands in for one:
 * it takes requests as OTLP over HTTP has them, refuses every field that the definition does not
 * know, and answers as a collector does.
 */
class OtlpProtocolTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final Instant START = Instant.parse("2026-01-02T03:04:05.000006Z");

  private final BlockingQueue<ExportTraceServiceRequest> requests = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> problems = new LinkedBlockingQueue<>();
  private HttpServer collector;

  @BeforeEach
  void start() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext("/v1/traces", this::take);
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    try {
      assertThat(exchange.getRequestMethod()).isEqualTo("POST");
      assertThat(exchange.getRequestHeaders().getFirst("Content-Type"))
          .isEqualTo("application/json");
      requests.add(read(body));
      byte[] answer = "{\"partialSuccess\":{}}".getBytes(UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (InvalidProtocolBufferException | AssertionError e) {
      problems.add(e + " in " + body);
      exchange.sendResponseHeaders(400, -1);
    } finally {
      exchange.close();
    }
  }

  /** Ids are hexadecimal in OTLP, and the one thing in which it is not protobuf's own JSON. */
  private static ExportTraceServiceRequest read(String body) throws InvalidProtocolBufferException {
    JsonObject json = JsonParser.parseString(body).getAsJsonObject();
    for (JsonElement resource : json.getAsJsonArray("resourceSpans")) {
      for (JsonElement scope : resource.getAsJsonObject().getAsJsonArray("scopeSpans")) {
        for (JsonElement span : scope.getAsJsonObject().getAsJsonArray("spans")) {
          for (String id : List.of("traceId", "spanId", "parentSpanId")) {
            fromHex(span.getAsJsonObject(), id);
          }
        }
      }
    }
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    JsonFormat.parser().merge(json.toString(), request);
    return request.build();
  }

  private static void fromHex(JsonObject span, String key) {
    if (span.has(key)) {
      byte[] bytes = HexFormat.of().parseHex(span.get(key).getAsString());
      span.addProperty(key, Base64.getEncoder().encodeToString(bytes));
    }
  }

  private static ByteString id(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  private ExportTraceServiceRequest sent(List<blackhole.api.observe.Span> spans)
      throws InterruptedException {
    URI endpoint =
        URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces");
    try (SpanExporter exporter = new SpanExporter(endpoint, new OtlpFormat(), "node-a")) {
      // before it sends, so that they are one request
      exporter.ended(spans);
      exporter.start();
      ExportTraceServiceRequest request = requests.poll(60, TimeUnit.SECONDS);
      assertThat(problems).isEmpty();
      return Objects.requireNonNull(request, "nothing came");
    }
  }

  private static Map<String, AnyValue> attributes(List<KeyValue> list) {
    return list.stream().collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
  }

  private static AnyValue text(String text) {
    return AnyValue.newBuilder().setStringValue(text).build();
  }

  @Test
  void everyFieldIsWhereTheProtocolHasIt() throws InterruptedException {
    ExportTraceServiceRequest request =
        sent(
            List.of(
                new blackhole.api.observe.Span(
                    TRACE,
                    "00000000000000b2",
                    "00000000000000a1",
                    "test.v1.Echo/Say",
                    blackhole.api.observe.Span.Kind.CLIENT,
                    "front-end-12",
                    START,
                    Duration.ofNanos(1_500_700),
                    "NOT_FOUND: \"gone\" ü\n",
                    Map.of("rpc.grpc.status_code", "5", ActiveSpan.HELD, "it starts"))));

    ResourceSpans resource = request.getResourceSpans(0);
    assertThat(attributes(resource.getResource().getAttributesList()))
        .isEqualTo(
            Map.of(
                "service.name", text("front-end"),
                "service.instance.id", text("front-end-12"),
                "blackhole.node", text("node-a")));
    assertThat(resource.getScopeSpans(0).getScope().getName()).isEqualTo("blackhole");
    Span span = resource.getScopeSpans(0).getSpans(0);
    assertThat(span.getTraceId()).isEqualTo(id(TRACE));
    assertThat(span.getSpanId()).isEqualTo(id("00000000000000b2"));
    assertThat(span.getParentSpanId()).isEqualTo(id("00000000000000a1"));
    assertThat(span.getName()).isEqualTo("test.v1.Echo/Say");
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(span.getStartTimeUnixNano()).isEqualTo(1_767_323_045_000_006_000L);
    assertThat(span.getEndTimeUnixNano()).isEqualTo(1_767_323_045_001_506_700L);
    assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(span.getStatus().getMessage()).isEqualTo("NOT_FOUND: \"gone\" ü\n");
    assertThat(attributes(span.getAttributesList()))
        .isEqualTo(
            Map.of(
                "rpc.service",
                text("test.v1.Echo"),
                "rpc.method",
                text("Say"),
                "rpc.grpc.status_code",
                AnyValue.newBuilder().setIntValue(5).build(),
                ActiveSpan.HELD,
                text("it starts")));
  }

  @Test
  void processesAreResourcesAndKindsAreKept() throws InterruptedException {
    List<blackhole.api.observe.Span> spans =
        Arrays.stream(blackhole.api.observe.Span.Kind.values())
            .map(
                kind ->
                    new blackhole.api.observe.Span(
                        TRACE,
                        "00000000000000a" + kind.ordinal(),
                        "",
                        kind.name(),
                        kind,
                        kind.ordinal() < 2 ? "front-1" : "orchestrator",
                        START,
                        Duration.ZERO,
                        "",
                        Map.of()))
            .toList();

    ExportTraceServiceRequest request = sent(spans);

    assertThat(request.getResourceSpansList())
        .extracting(each -> each.getScopeSpans(0).getSpansCount())
        .containsExactly(2, 3);
    assertThat(request.getResourceSpansList())
        .flatExtracting(each -> each.getScopeSpans(0).getSpansList())
        .allSatisfy(
            span -> {
              assertThat(span.getKind().name()).isEqualTo("SPAN_KIND_" + span.getName());
              assertThat(span.getParentSpanId()).as("the first of its trace").isEmpty();
              assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
            });
  }
}
