package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.testkit.Await;
import blackhole.testkit.CommandResult;
import blackhole.testkit.TestNode;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What operators have beside a node of all services: a Zipkin, an Alertmanager and a reader of its
 * metrics.
 */
final class Monitoring implements AutoCloseable {
  private static final String STORED = "event blob.stored";
  private static final String PUT = "blackhole.storage.v1.Storage/Put";
  private static final String GET = "blackhole.storage.v1.Storage/Get";
  private static final String VALIDATE = "blackhole.identity.v1.Identity/ValidateToken";
  private static final String PUBLISH = "blackhole.events.v1.EventStream/PublishEvent";

  /**
   * Below whom each part of a Put stands: storage asks identity who it is for, tells the event
   * stream of it, and two others do something because of that event.
   */
  private static final Map<String, String> PARENTS =
      Map.of(
          "storage-1 server " + PUT, "orchestrator client " + PUT,
          "storage-1 client " + VALIDATE, "storage-1 server " + PUT,
          "identity-1 server " + VALIDATE, "storage-1 client " + VALIDATE,
          "storage-1 client " + PUBLISH, "storage-1 server " + PUT,
          "events-1 server " + PUBLISH, "storage-1 client " + PUBLISH,
          "analytics-1 consumer " + STORED, "storage-1 server " + PUT,
          "indexer-1 consumer " + STORED, "storage-1 server " + PUT,
          "indexer-1 client " + GET, "indexer-1 consumer " + STORED,
          "storage-1 server " + GET, "indexer-1 client " + GET);

  private final Path folder;
  private final int port = Ports.free(1).get(0);
  private final Zipkin zipkin;
  private final Alertmanager alertmanager;

  private Monitoring(Path folder, Zipkin zipkin, Alertmanager alertmanager) throws IOException {
    this.folder = folder;
    this.zipkin = zipkin;
    this.alertmanager = alertmanager;
  }

  /**
   * @param folder for their files
   */
  static Monitoring start(Path folder) throws Exception {
    Zipkin zipkin = Zipkin.start();
    try {
      Path home = Files.createDirectory(folder.resolve("alertmanager"));
      return new Monitoring(folder, zipkin, Alertmanager.start(home));
    } catch (IOException | RuntimeException | Error e) {
      zipkin.close();
      throw e;
    }
  }

  /** What a node's configuration says of them. */
  String yaml() {
    return """
        node:
          metrics: { port: %d }
          tracing: { exporter: zipkin, sampling: 0, endpoint: "%s" }
          alerts: { webhook: "%s", crash_loop: { failures: 2 }, off: [disk_space_low, disk_full] }
        """
        .formatted(port, zipkin.endpoint(), alertmanager.url());
  }

  /** One scrape has all services, at work, and Prometheus' own tool finds nothing wrong with it. */
  void assertScrapeHas(List<String> services) throws IOException {
    Scrape scrape =
        Await.value(
            "all answer one scrape",
            TestNode.PATIENCE,
            () -> {
              try {
                return Optional.of(Scrape.of(port)).filter(one -> one.hasAnswersOf(services));
              } catch (IOException e) {
                return Optional.empty();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
              }
            });
    for (String service : services) {
      String label = "service=\"" + service + "\"";
      for (String metric :
          List.of(
              "process_resident_memory_bytes",
              "jvm_memory_used_bytes",
              "rpc_server_duration_seconds_count",
              "blackhole_instance_starts_total")) {
        assertThat(scrape.sum(metric, label)).as(metric + " of " + service).isPositive();
      }
      assertThat(scrape.sum("blackhole_instance_exits_total", label, "cause=\"killed\""))
          .as("it was killed")
          .isPositive();
    }
    if (Programs.has("promtool")) {
      assertThat(scrape.promtool(folder)).isEqualTo(new CommandResult(0, "", ""));
    }
  }

  /** One trace goes over five services, in the shell and in Zipkin. */
  void assertTraceOfAPut(TestNode node, String token) {
    String chunk = Base64.getEncoder().encodeToString("traced".getBytes(StandardCharsets.UTF_8));
    String trace =
        node.json(
                "bh:trace storage/Put '{\"chunk\": \""
                    + chunk
                    + "\"}' --header 'authorization:Bearer "
                    + token
                    + "'")
            .get(0)
            .getAsJsonObject()
            .get("trace_id")
            .getAsString();
    // the event is published, and heard of, when the call is over
    Map<String, String> ids =
        Await.value(
            "the whole tree is there",
            TestNode.PATIENCE,
            () -> ids(node.json("bh:trace " + trace)));
    Await.until(
        "Zipkin has the same tree",
        TestNode.PATIENCE,
        () -> zipkin.parents(trace).entrySet().containsAll(ids.entrySet()));
    assertThat(zipkin.services(trace))
        .containsExactlyInAnyOrder(
            "orchestrator", "storage", "identity", "events", "indexer", "analytics");
    assertThat(node.exec("bh:trace " + trace))
        .contains(
            "─ storage-1 serves Storage/Put",
            "─ storage-1 calls identity Identity/ValidateToken",
            "─ identity-1 serves Identity/ValidateToken",
            "─ storage-1 calls events EventStream/PublishEvent",
            "─ events-1 serves EventStream/PublishEvent",
            "─ analytics-1 " + STORED,
            "─ indexer-1 " + STORED,
            "─ indexer-1 calls storage Storage/Get",
            "─ storage-1 serves Storage/Get")
        .doesNotContain("FAILED");
  }

  /** The parent of each span, if they are all there, and each where it belongs. */
  private static Optional<Map<String, String>> ids(JsonArray spans) {
    Map<String, JsonObject> byWhere = new HashMap<>();
    for (JsonElement each : spans) {
      JsonObject span = each.getAsJsonObject();
      byWhere.put(text(span, "origin") + " " + text(span, "kind") + " " + text(span, "name"), span);
    }
    if (!byWhere.keySet().containsAll(PARENTS.keySet())
        || !byWhere.keySet().containsAll(PARENTS.values())) {
      return Optional.empty();
    }
    Map<String, String> ids = new HashMap<>();
    PARENTS.forEach(
        (where, parent) -> {
          assertThat(text(byWhere.get(where), "parent_id"))
              .as(where)
              .isEqualTo(text(byWhere.get(parent), "span_id"));
          ids.put(text(byWhere.get(where), "span_id"), text(byWhere.get(where), "parent_id"));
        });
    return Optional.of(ids);
  }

  private static String text(JsonObject span, String key) {
    return span.get(key).getAsString();
  }

  /** A service that ends twice by itself is an alert, and Alertmanager is told of it. */
  void assertHearsOfACrashLoop(TestNode node, String service) {
    long old = node.kill(service);
    node.awaitReplaced(service, old, TestNode.PATIENCE);
    Await.until(
        "Alertmanager is told", TestNode.PATIENCE, () -> alertmanager.holds("crash_loop", service));
  }

  @Override
  public void close() throws InterruptedException {
    try {
      alertmanager.close();
    } finally {
      zipkin.close();
    }
  }
}
