package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.events.v1.Event;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.itest.calls.v1.Kind;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The event stream on a node, as a service's author uses it: EventBus and EventListener. */
class EventsTest {
  @TempDir static Path bundles;
  private static Zipkin zipkin;
  private static TestNode node;
  private static CallBundles.Driver bus;
  private static int published;

  @BeforeAll
  static void start() throws Exception {
    zipkin = Zipkin.start();
    node =
        TestNode.start(
            """
            node: { tracing: { exporter: zipkin, sampling: 0, endpoint: "%s" } }
            services:
              events:
                restart_policy: { max_restarts: 100, restart_delay: 10ms, max_backoff: 50ms }
              identity: {}
              storage:
                restart_policy: { max_restarts: 100, restart_delay: 10ms, max_backoff: 50ms }
              bus: { bundle: %s }
            """
                .formatted(zipkin.endpoint(), CallBundles.bus(bundles)));
    bus = CallBundles.busOf(node);
    // what is published before the listener's first subscription is not for it
    Await.until("the listener has subscribed", TestNode.PATIENCE, () -> metric("subscribers") == 1);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    try {
      node.close();
    } finally {
      zipkin.close();
    }
  }

  private static double metric(String name) {
    return node.metrics("events").orElseThrow().get(name);
  }

  /** Again until it is acknowledged: the stream knows an event that comes again. */
  private static void publish(int count) {
    for (int i = 0; i < count; i++) {
      String id = "id-" + published++;
      Await.until(
          id + " is published",
          TestNode.PATIENCE,
          () -> !bus.call("events", Kind.APPEND, id).getAnswer().isEmpty());
    }
  }

  private static List<String> heard() {
    return List.of(bus.call("events", Kind.READ, "").getAnswer().split(" "));
  }

  private static void assertAllHeardOnceInOrder() {
    Await.until("all are heard of", TestNode.PATIENCE, () -> heard().size() >= published);
    List<String> heard = heard();
    assertThat(heard)
        .map(event -> event.replaceAll("@.*", ""))
        .isEqualTo(IntStream.range(0, published).mapToObj(i -> "bus/id-" + i).toList());
    assertThat(heard).map(event -> Long.valueOf(event.replaceAll(".*@", ""))).isSorted();
  }

  @Test
  void aListenerGoesOnWithoutAGapWhenTheProcessIsKilled() {
    publish(30);
    long old = node.kill("events");
    publish(30);
    node.awaitReplaced("events", old, TestNode.PATIENCE);
    assertAllHeardOnceInOrder();
  }

  @Test
  void aRestartDoesNotWaitForSubscribers() throws IOException {
    publish(3);
    node.exec("bh:restart events");
    publish(3);
    assertAllHeardOnceInOrder();
    assertThat(Files.readString(node.home().resolve("log/events-1.log")))
        .doesNotContain("outlasted the drain");
  }

  /** No event without the fact, no fact without the event, and none of them twice. */
  @Test
  void whatIsStoredAndWhatIsToldAgreeWhileBothEndsAreKilled() throws Exception {
    Users.register(node.channel("identity"), "ada");
    Blobs blobs = new Blobs(node, Users.authenticate(node.channel("identity"), "ada"));
    List<String> acknowledged;
    try (Blobs.Load load = new Blobs.Load(blobs)) {
      for (String victim : List.of("storage", "events", "storage", "events")) {
        long old = node.kill(victim);
        node.awaitReplaced(victim, old, TestNode.PATIENCE);
        Await.until("events flow again", TestNode.PATIENCE, new MoreOfThem()::came);
      }
      acknowledged = load.stop();
    }
    Await.until(
        "nothing waits to be published",
        TestNode.PATIENCE,
        () -> node.metrics("storage").orElseThrow().get("outbox_events") == 0);

    Set<String> there = blobs.list();
    Map<String, String> told = blobs.told((long) metric("log_last_position"));
    assertThat(there).containsAll(acknowledged).hasSizeGreaterThan(4);
    assertThat(told.keySet()).containsAll(there);
    assertThat(told)
        .allSatisfy((cid, events) -> assertThat(events).matches("(\\+-)*\\+?"))
        .allSatisfy(
            (cid, events) -> assertThat(events.endsWith("+")).isEqualTo(there.contains(cid)));
  }

  /** Whether the log has grown since this was made. */
  private static final class MoreOfThem {
    private final double before = metric("log_last_position");

    boolean came() {
      return metric("log_last_position") > before;
    }
  }

  @Test
  void whatHappensToInstancesIsPublishedInOrder() {
    Await.until(
        "the stream has how it started",
        TestNode.PATIENCE,
        () -> types("bus").contains("instance.ready"));
    assertThat(types("bus")).containsSubsequence("instance.starting", "instance.ready");
    assertThat(node.exec("bh:events instance.ready -n 1")).contains("instance.ready", "node");
  }

  private static List<String> types(String service) {
    List<String> types = new ArrayList<>();
    for (JsonElement row : node.json("bh:events 'instance.*' -n 1000")) {
      JsonObject event = row.getAsJsonObject();
      JsonObject data = event.getAsJsonObject("data");
      if (data.get("service").getAsString().equals(service)) {
        String type = event.get("type").getAsString();
        if (!type.equals("instance.noted")) {
          types.add(type);
        }
      }
    }
    return types;
  }

  /** One trace id across orchestrator, bus, events, and back to the bus by the event. */
  @Test
  void aTraceHasEveryHopInTheShellInTheLogAndInZipkin() {
    String id = "id-" + published++;
    JsonArray spans =
        node.json(
            "bh:trace bus/Driver/Call '{\"kind\":\"APPEND\",\"argument\":\"" + id + "\"}' --json");
    Map<String, JsonObject> byWhere = new HashMap<>();
    for (JsonElement each : spans) {
      JsonObject span = each.getAsJsonObject();
      assertThat(span.get("error").isJsonNull()).as("%s", span).isTrue();
      byWhere.put(span.get("origin").getAsString() + " " + span.get("kind").getAsString(), span);
    }
    assertThat(byWhere)
        .containsKeys("orchestrator client", "bus-1 server", "bus-1 client", "events-1 server");
    assertThat(parent(byWhere, "bus-1 server")).isEqualTo(id(byWhere, "orchestrator client"));
    assertThat(parent(byWhere, "bus-1 client")).isEqualTo(id(byWhere, "bus-1 server"));
    assertThat(parent(byWhere, "events-1 server")).isEqualTo(id(byWhere, "bus-1 client"));

    String trace = byWhere.get("bus-1 server").get("trace_id").getAsString();
    Await.until(
        "the listener's span and line have come",
        TestNode.PATIENCE,
        () ->
            node.exec("bh:trace " + trace).contains("bus-1 event itest.said")
                && node.exec("bh:logs bus").contains("trace=" + trace + " blackhole.itest.calls"));
    assertThat(node.json("bh:trace " + trace))
        .filteredOn(span -> span.getAsJsonObject().get("kind").getAsString().equals("consumer"))
        .singleElement()
        .satisfies(
            heard ->
                assertThat(heard.getAsJsonObject().get("parent_id").getAsString())
                    .as("below who published it")
                    .isEqualTo(id(byWhere, "bus-1 server")));
    Await.until(
        "Zipkin has the tree",
        TestNode.PATIENCE,
        () ->
            zipkin
                .parents(trace)
                .entrySet()
                .containsAll(
                    Map.of(
                            id(byWhere, "bus-1 server"),
                            parent(byWhere, "bus-1 server"),
                            id(byWhere, "events-1 server"),
                            parent(byWhere, "events-1 server"))
                        .entrySet()));
  }

  private static String id(Map<String, JsonObject> spans, String where) {
    return spans.get(where).get("span_id").getAsString();
  }

  private static String parent(Map<String, JsonObject> spans, String where) {
    return spans.get(where).get("parent_id").getAsString();
  }

  @Test
  void aStrangerDoesNotPublish() {
    EventStreamGrpc.EventStreamBlockingStub stranger =
        EventStreamGrpc.newBlockingStub(node.channel("events")).withWaitForReady();
    Await.until(
        "it is refused",
        TestNode.PATIENCE,
        () -> {
          try {
            return stranger.publishEvent(Event.getDefaultInstance()).getSuccess();
          } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.UNAUTHENTICATED;
          }
        });
  }
}
