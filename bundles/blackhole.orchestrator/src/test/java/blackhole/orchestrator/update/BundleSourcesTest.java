package blackhole.orchestrator.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

  private void refused(String url, String sha256, String why) {
    assertThatExceptionOfType(Candidate.RefusedException.class)
        .isThrownBy(() -> sources().fetch(url, sha256))
        .withMessageContaining(why);
  }
}
