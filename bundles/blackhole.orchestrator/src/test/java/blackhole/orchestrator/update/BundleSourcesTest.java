package blackhole.orchestrator.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BundleSourcesTest {
  private static final byte[] BYTES = {1, 2, 3};
  private static final String DIGEST = Candidate.sha256(BYTES);

  private HttpServer server;
  private String base;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          switch (exchange.getRequestURI().getPath()) {
            case "/ours/a.jar" -> {
              exchange.sendResponseHeaders(200, BYTES.length);
              exchange.getResponseBody().write(BYTES);
            }
            case "/ours/endless.jar" -> {
              exchange.sendResponseHeaders(200, 0);
              sendUntilNobodyReads(exchange.getResponseBody());
            }
            case "/ours/moved.jar" -> {
              exchange.getResponseHeaders().add("Location", "/theirs/a.jar");
              exchange.sendResponseHeaders(302, -1);
            }
            default -> exchange.sendResponseHeaders(404, -1);
          }
          exchange.close();
        });
    server.start();
    base = "http:/" + server.getAddress() + "/";
  }

  /** Chunked, so that nobody is told how much there is. */
  private static void sendUntilNobodyReads(OutputStream out) {
    try {
      while (true) {
        out.write(new byte[1_000]);
        out.flush();
      }
    } catch (IOException e) {
      // it was enough
    }
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private BundleSources sources() {
    return new BundleSources(List.of(base + "ours/"));
  }

  @Test
  void fetchesWhatIsAllowedAndHasTheDigest() throws Exception {
    assertThat(sources().fetch(base + "ours/a.jar", DIGEST)).isEqualTo(BYTES);
    assertThat(sources().fetch(base + "ours/./a.jar", DIGEST.toUpperCase(Locale.ROOT)))
        .isEqualTo(BYTES);
  }

  @Test
  void refusesAllElse() {
    refused(base + "theirs/a.jar", DIGEST, "node.bundle_sources does not allow");
    refused(base + "ours/../theirs/a.jar", DIGEST, "node.bundle_sources does not allow");
    refused(base + "ours/%2e%2E/theirs/a.jar", DIGEST, "hides a dot or a slash");
    refused(base + "ours/..%2Ftheirs/a.jar", DIGEST, "hides a dot or a slash");
    refused("file:///etc/hostname", DIGEST, "node.bundle_sources does not allow");
    refused("http://[", DIGEST, "is no URL");
    refused(base + "ours/a.jar", "abc", "'abc' is no SHA-256");
    refused(base + "ours/a.jar", "0".repeat(64), "their SHA-256 is " + DIGEST);
    refused(base + "ours/none.jar", DIGEST, "the server answered 404");
    refused(base + "ours/moved.jar", DIGEST, "the server answered 302");
    assertThatExceptionOfType(Candidate.RefusedException.class)
        .isThrownBy(() -> new BundleSources(List.of()).fetch(base + "ours/a.jar", DIGEST))
        .withMessageContaining("it has none; download it, and give the file");
    server.stop(0);
    refused(base + "ours/a.jar", DIGEST, "cannot be fetched");
  }

  @Test
  void takesOnlySoMuchAndOnlyForSoLong() {
    refused(
        bounded(10_000, Duration.ofHours(1)), base + "ours/endless.jar", DIGEST, "more than 10000");
    refused(
        bounded(Integer.MAX_VALUE, Duration.ZERO), base + "ours/endless.jar", DIGEST, "than 0 s");
  }

  private BundleSources bounded(int bytes, Duration time) {
    return new BundleSources(List.of(base + "ours/"), new BundleSources.Bounds(bytes, time));
  }

  private void refused(String url, String sha256, String why) {
    refused(sources(), url, sha256, why);
  }

  private static void refused(BundleSources sources, String url, String sha256, String why) {
    assertThatExceptionOfType(Candidate.RefusedException.class)
        .isThrownBy(() -> sources.fetch(url, sha256))
        .withMessageContaining(why);
  }
}
