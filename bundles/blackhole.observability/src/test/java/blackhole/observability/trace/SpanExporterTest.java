package blackhole.observability.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.observe.Span;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a collector of the JDK's, which takes what it gets. */
class SpanExporterTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final Instant START = Instant.parse("2026-01-02T03:04:05.000006Z");

  private static final Span CLIENT =
      new Span(
          TRACE,
          "00000000000000a1",
          "",
          "test.v1.Echo/Say",
          Span.Kind.CLIENT,
          "front-end-12",
          START,
          Duration.ofNanos(1_500_700),
          "NOT_FOUND: \"gone\"",
          Map.of("rpc.grpc.status_code", "5"));

  private static final Span SERVER =
      new Span(
          TRACE,
          "00000000000000b2",
          "00000000000000a1",
          "test.v1.Echo/Say",
          Span.Kind.SERVER,
          "echo-1",
          START.plusMillis(1),
          Duration.ofNanos(300),
          "",
          Map.of());

  private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
  private volatile int status = 202;
  private HttpServer collector;

  @BeforeEach
  void start() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/spans",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
          bodies.add(exchange.getRequestHeaders().getFirst("Content-Type") + " " + body);
        });
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  private URI endpoint() {
    return URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/spans");
  }

  private String sent(SpanFormat format, List<Span> spans) throws InterruptedException {
    try (SpanExporter exporter = new SpanExporter(endpoint(), format, "node-a")) {
      exporter.start();
      exporter.ended(spans);
      String received = Objects.requireNonNull(bodies.poll(60, TimeUnit.SECONDS), "nothing came");
      assertThat(received).startsWith("application/json ");
      return received.substring(received.indexOf(' ') + 1);
    }
  }

  private static JsonArray array(String json) {
    return JsonParser.parseString(json).getAsJsonArray();
  }

  @Test
  void zipkinGetsItsSecondVersion() throws InterruptedException {
    JsonObject client = array(sent(new ZipkinFormat(), List.of(CLIENT))).get(0).getAsJsonObject();
    assertThat(client)
        .isEqualTo(
            JsonParser.parseString(
                """
                {"traceId": "0af7651916cd43dd8448eb211c80319c", "id": "00000000000000a1",
                 "name": "test.v1.Echo/Say", "kind": "CLIENT", "timestamp": 1767323045000006,
                 "duration": 1500, "localEndpoint": {"serviceName": "front-end"},
                 "tags": {"rpc.grpc.status_code": "5", "rpc.service": "test.v1.Echo",
                          "rpc.method": "Say", "service.instance.id": "front-end-12",
                          "blackhole.node": "node-a", "error": "NOT_FOUND: \\"gone\\""}}
                """));
    JsonObject server = array(sent(new ZipkinFormat(), List.of(SERVER))).get(0).getAsJsonObject();
    assertThat(server.get("parentId").getAsString()).isEqualTo("00000000000000a1");
    assertThat(server.get("duration").getAsLong()).as("0 would be unknown").isEqualTo(1);
  }

  @Test
  void otlpIsGroupedByProcess() throws InterruptedException {
    JsonArray resources =
        JsonParser.parseString(new OtlpFormat().write(List.of(CLIENT, SERVER), "node-a"))
            .getAsJsonObject()
            .getAsJsonArray("resourceSpans");
    assertThat(resources).hasSize(2);
    JsonObject first = resources.get(0).getAsJsonObject();
    assertThat(first.getAsJsonObject("resource").getAsJsonArray("attributes").toString())
        .contains("{\"key\":\"service.name\",\"value\":{\"stringValue\":\"front-end\"}}");
    JsonObject span =
        first
            .getAsJsonArray("scopeSpans")
            .get(0)
            .getAsJsonObject()
            .getAsJsonArray("spans")
            .get(0)
            .getAsJsonObject();
    assertThat(span.get("traceId").getAsString()).isEqualTo(TRACE);
    assertThat(span.get("spanId").getAsString()).isEqualTo("00000000000000a1");
    assertThat(span.get("kind").getAsInt()).isEqualTo(3);
    assertThat(span.get("startTimeUnixNano").getAsString()).isEqualTo("1767323045000006000");
    assertThat(span.get("endTimeUnixNano").getAsString()).isEqualTo("1767323045001506700");
    assertThat(span.getAsJsonObject("status").get("code").getAsInt()).isEqualTo(2);
    assertThat(span.getAsJsonArray("attributes").toString())
        .contains("{\"key\":\"rpc.grpc.status_code\",\"value\":{\"intValue\":\"5\"}}");
    assertThat(sent(new OtlpFormat(), List.of(CLIENT))).contains("resourceSpans");
  }

  @Test
  void aDeadCollectorBlocksNobodyAndIsNamed() throws Exception {
    int port;
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = silent.getLocalPort();
      // accepts by the kernel's grace, and never answers
      URI endpoint = URI.create("http://127.0.0.1:" + port + "/spans");
      try (SpanExporter exporter = new SpanExporter(endpoint, new ZipkinFormat(), "node-a")) {
        exporter.start();
        for (int i = 0; i < 50_000; i++) {
          exporter.ended(List.of(SERVER));
        }
        assertThat(exporter.lost()).as("what the queue has no room for").isPositive();
      }
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("span-exporter") && isStuck(thread));
  }

  /** Its read has an end of its own. */
  private static boolean isStuck(Thread thread) {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(60));
      return thread.isAlive();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Test
  void aRefusalIsAProblemUntilItIsNone() throws InterruptedException {
    status = 503;
    try (SpanExporter exporter = new SpanExporter(endpoint(), new ZipkinFormat(), "node-a")) {
      exporter.start();
      exporter.ended(List.of(SERVER));
      awaitProblem(exporter, true);
      assertThat(exporter.problem().orElseThrow()).contains("status 503");
      assertThat(exporter.lost()).isEqualTo(1);
      status = 202;
      exporter.ended(List.of(SERVER));
      awaitProblem(exporter, false);
      assertThat(exporter.lost()).isEqualTo(1);
    }
  }

  private static void awaitProblem(SpanExporter exporter, boolean there) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (exporter.problem().isPresent() != there) {
      assertThat(System.nanoTime()).as("the deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
