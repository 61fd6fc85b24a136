package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An alert from its beginning to its end, and everybody who is told of it. */
class AlertsTest {
  /** A node that starts on a busy machine takes its time. */
  private static final Duration BUSY = Duration.ofMinutes(4);

  private static final String HOLDS = "\"resolved\":null";

  @TempDir private Path folder;

  @Test
  void aServiceThatIsGivenUpIsAnAlertUntilItServes() throws Exception {
    Path spare = folder.resolve("spare");
    Path home = Files.createDirectory(folder.resolve("alertmanager"));
    try (Alertmanager receiver = Alertmanager.start(home);
        TestNode node = node(spare, receiver)) {
      node.run();
      Await.until("it is an alert", TestNode.PATIENCE, () -> alerts(node, HOLDS).size() == 1);
      JsonObject raised = alerts(node, "\"name\":\"failed\"").get(0);
      assertThat(raised.keySet())
          .containsExactly("service", "severity", "name", "message", "reason", "since", "resolved");
      assertThat(raised.get("service").getAsString()).isEqualTo("looper");
      assertThat(raised.get("severity").getAsString()).isEqualTo("critical");
      assertThat(raised.get("message").getAsString()).isEqualTo("looper-1 was given up");
      assertThat(raised.get("reason").getAsString()).isNotEmpty();
      Await.until("others are told", TestNode.PATIENCE, () -> receiver.holds("failed", "looper"));
      Await.until(
          "it is an event", TestNode.PATIENCE, () -> events(node, "alert.raised").size() == 1);
      assertThat(events(node, "alert.raised").get(0))
          .contains("failed", "looper", raised.get("since").getAsString());
      assertThat(node.exec("bh:silence flapping/looper 1h")).contains("is silent for 1h");

      anOrchestratorThatIsKilledForgetsNothing(node, raised);

      Files.createFile(spare);
      node.exec("bh:start looper");
      Await.until("it is over", TestNode.PATIENCE, () -> alerts(node, HOLDS).isEmpty());
      assertThat(alerts(node, "\"name\":\"failed\"").get(0).get("since"))
          .isEqualTo(raised.get("since"));
      Await.until("others are told", TestNode.PATIENCE, () -> !receiver.holds("failed", "looper"));
      Await.until(
          "that is an event", TestNode.PATIENCE, () -> events(node, "alert.resolved").size() == 1);
      assertThat(events(node, "alert.raised")).hasSize(1);
      assertThat(node.exec("bh:journal looper"))
          .contains("alert failed: looper-1 was given up")
          .contains("alert failed is over");

      node.exec("bh:stop looper");
      node.exec("bh:restart events");
      assertThat(alerts(node, HOLDS)).as("nobody wonders at that").isEmpty();
      assertLinesAreObjects(node);
      assertThat(node.log()).as("it has none").doesNotContain("metrics are at", "no metrics at");
    }
  }

  private TestNode node(Path spare, Alertmanager receiver) throws Exception {
    return TestNode.builder()
        .yaml(
            """
            node:
              log_format: json
              alerts: { webhook: "%s", off: [disk_space_low, disk_full] }
            supervisor: { sample_interval: 1s, stale_process_timeout: 20m }
            services:
              events: {}
              looper:
                bundle: %s
                custom: { fault: exit 1, unless: %s }
                restart_policy: { max_restarts: 2, restart_delay: 10ms, max_backoff: 50ms }
            """
                .formatted(receiver.url(), TestBundles.faulty(folder), spare))
        .create();
  }

  private static void anOrchestratorThatIsKilledForgetsNothing(TestNode node, JsonObject raised) {
    // else what trains an archive for it would be left
    node.awaitTrained();
    Processes.kill(node.orchestrator());
    Await.until("the next one answers", BUSY, () -> node.tryExec("bh:alerts").exitCode() == 0);
    Await.until("it gave up too", BUSY, () -> node.state("looper").equals("FAILED"));
    assertThat(alerts(node, "\"name\":\"failed\""))
        .singleElement()
        .satisfies(one -> assertThat(one.get("since")).isEqualTo(raised.get("since")))
        .satisfies(one -> assertThat(one.get("resolved").isJsonNull()).isTrue());
    assertThat(node.home().resolve("state/alerts.json")).content().contains("flapping/looper");
  }

  /** As the node's setting has it, in a host's log from its first line on. */
  private static void assertLinesAreObjects(TestNode node) throws IOException {
    List<String> ofHost = Files.readAllLines(node.home().resolve("log/events-1.log"));
    assertThat(ofHost)
        .isNotEmpty()
        .allSatisfy(
            line -> {
              JsonObject record = JsonParser.parseString(line).getAsJsonObject();
              assertThat(record.keySet())
                  .containsExactly(
                      "time",
                      "level",
                      "service",
                      "instance",
                      "pid",
                      "trace_id",
                      "logger",
                      "message",
                      "exception");
              assertThat(record.get("service").getAsString()).isEqualTo("events");
              assertThat(record.get("instance").getAsInt()).isEqualTo(1);
            });
    assertThat(node.exec("bh:logs events -n 1000").lines()).containsAll(ofHost);
    assertThat(node.log().lines())
        .filteredOn(line -> line.contains("alert failed: looper-1 was given up"))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("{\"time\":"));
  }

  private static List<JsonObject> alerts(TestNode node, String with) {
    List<JsonObject> alerts = new ArrayList<>();
    for (JsonElement each : node.json("bh:alerts")) {
      if (each.toString().contains(with)) {
        alerts.add(each.getAsJsonObject());
      }
    }
    return alerts;
  }

  private static List<String> events(TestNode node, String type) {
    List<String> events = new ArrayList<>();
    node.json("bh:events " + type).forEach(each -> events.add(each.toString()));
    return events;
  }
}
