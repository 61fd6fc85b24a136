package blackhole.observability.alert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.Alerts;
import blackhole.api.supervision.Alerts.Alert;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a receiver of the JDK's, which takes what it gets, or doesn't. */
class WebhookSenderTest {
  private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05.000006Z");
  private static final Instant NOW = SINCE.plusSeconds(60);

  private final ConcurrentLinkedQueue<String> bodies = new ConcurrentLinkedQueue<>();
  private final List<Alert> alerts = new ArrayList<>();
  private volatile int status = 200;
  private HttpServer receiver;
  private WebhookSender sender;

  @BeforeEach
  void start() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/api/v2/alerts",
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    receiver.start();
    sender =
        new WebhookSender(
            URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/api/v2/alerts"),
            "node-a",
            Duration.ofMinutes(4),
            () -> alerts);
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
  }

  private static Alert alert(Optional<Instant> resolved, Optional<Instant> silencedUntil) {
    return new Alert(
        "crash_loop",
        Optional.of("storage"),
        "storage-1",
        Alerts.Severity.CRITICAL,
        "it ends",
        "3 times",
        SINCE,
        resolved,
        silencedUntil);
  }

  @Test
  void writesWhatAlertmanagerTakes() {
    alerts.add(alert(Optional.empty(), Optional.empty()));
    assertThat(sender.send(NOW)).isTrue();
    assertThat(bodies)
        .containsExactly(
            "[{\"labels\":{\"alertname\":\"crash_loop\",\"severity\":\"critical\","
                + "\"node\":\"node-a\",\"subject\":\"storage-1\",\"service\":\"storage\"},"
                + "\"annotations\":{\"summary\":\"it ends\",\"description\":\"3 times\"},"
                + "\"startsAt\":\"2026-01-02T03:04:05Z\",\"endsAt\":\"2026-01-02T03:09:05Z\"}]");
  }

  @Test
  void tellsWhatIsOverForAWhileAndNothingOfWhatIsSilent() {
    assertThat(sender.send(NOW)).isTrue();
    alerts.add(alert(Optional.empty(), Optional.of(NOW.plusSeconds(1))));
    assertThat(sender.send(NOW)).isTrue();
    assertThat(bodies).isEmpty();
    alerts.add(alert(Optional.of(NOW), Optional.empty()));
    assertThat(sender.send(NOW.plusSeconds(1))).isTrue();
    assertThat(bodies)
        .singleElement()
        .matches(body -> body.contains("\"endsAt\":\"2026-01-02T03:05:05Z\""));
    assertThat(sender.send(NOW.plus(WebhookSender.RESOLVED_FOR))).isTrue();
    assertThat(bodies).hasSize(1);
  }

  @Test
  void aReceiverThatIsGoneCostsALineAndHearsOfItLater() {
    List<String> lines = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(line.getLevel() + " " + line.getMessage());
          }

          @Override
          public void flush() {
            // nothing waits
          }

          @Override
          public void close() {
            // nothing is open
          }
        };
    Logger logger = Logger.getLogger(WebhookSender.class.getName());
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      alerts.add(alert(Optional.empty(), Optional.empty()));
      status = 503;
      for (int i = 0; i < 5; i++) {
        assertThat(sender.send(NOW)).isFalse();
      }
      assertThat(sender.problem().orElseThrow()).contains("503");
      assertThat(lines).singleElement().asString().startsWith("WARNING");
      status = 200;
      assertThat(sender.send(NOW)).isTrue();
      assertThat(sender.problem()).isEmpty();
      assertThat(lines).hasSize(2);
      int port = receiver.getAddress().getPort();
      receiver.stop(0);
      assertThat(sender.send(NOW)).as("nobody at port " + port).isFalse();
      assertThat(lines).hasSize(3);
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
  }
}
