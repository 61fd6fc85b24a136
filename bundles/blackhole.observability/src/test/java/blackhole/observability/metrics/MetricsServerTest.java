package blackhole.observability.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.metrics.Metric;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsServerTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private volatile Callable<Families> source = MetricsServerTest::families;
  private MetricsServer server;

  private static Families families() {
    Families families = new Families();
    families.add("a", 1, List.of(Metric.gauge("g", "G.").with(1).build()));
    return families;
  }

  @BeforeEach
  void open() throws IOException {
    server = open(0);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private MetricsServer open(int port) throws IOException {
    return new MetricsServer(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        () -> source.call(),
        new Exposition());
  }

  private HttpResponse<byte[]> get(String path, String method, String... headers) throws Exception {
    URI uri =
        new URI(
            "http",
            null,
            server.address().getAddress().getHostAddress(),
            server.address().getPort(),
            path,
            null,
            null);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  @Test
  void servesThePathAndNothingElse() throws Exception {
    assertThat(get("/metrics", "GET").statusCode()).isEqualTo(200);
    assertThat(text(get("/metrics", "GET"))).contains("g{replica=\"1\",service=\"a\"} 1.0");
    assertThat(get("/metrics", "HEAD").statusCode()).isEqualTo(200);
    assertThat(get("/metrics", "POST").statusCode()).isEqualTo(405);
    assertThat(get("/", "GET").statusCode()).isEqualTo(404);
    assertThat(text(get("/", "GET"))).contains("/metrics");
    assertThat(get("/metrics/x", "GET").statusCode()).isEqualTo(404);
  }

  @Test
  void speaksOpenMetricsAndGzipToThoseWhoDo() throws Exception {
    HttpResponse<byte[]> plain = get("/metrics", "GET");
    assertThat(plain.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    HttpResponse<byte[]> zipped =
        get(
            "/metrics",
            "GET",
            "Accept",
            "application/openmetrics-text; version=1.0.0",
            "Accept-Encoding",
            "gzip");
    assertThat(zipped.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text");
    assertThat(zipped.headers().firstValue("Content-Encoding")).contains("gzip");
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
    }
  }

  @Test
  void whatFailsIsNoShortAnswer() throws Exception {
    source =
        () -> {
          throw new IllegalStateException("no numbers today");
        };
    HttpResponse<byte[]> failed = get("/metrics", "GET");
    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(text(failed)).doesNotContain("no numbers today");
    source = MetricsServerTest::families;
    assertThat(get("/metrics", "GET").statusCode()).isEqualTo(200);
  }

  @Test
  void aPortThatIsTakenIsSaid() {
    assertThatThrownBy(() -> open(server.address().getPort())).isInstanceOf(BindException.class);
  }
}
