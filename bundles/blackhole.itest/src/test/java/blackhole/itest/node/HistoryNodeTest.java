package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.analytics.v1.AnalyticsGrpc;
import blackhole.analytics.v1.QueryRequest;
import blackhole.analytics.v1.Summary;
import blackhole.analytics.v1.TopRequest;
import blackhole.analytics.v1.TypeSummary;
import blackhole.analytics.v1.Window;
import blackhole.events.v1.Event;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.telemetry.v1.Aggregate;
import blackhole.telemetry.v1.ExportRequest;
import blackhole.telemetry.v1.ListSeriesRequest;
import blackhole.telemetry.v1.Point;
import blackhole.telemetry.v1.Sample;
import blackhole.telemetry.v1.Series;
import blackhole.telemetry.v1.TelemetryGrpc;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.gson.JsonObject;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a node's events come to, and what its processes were, while those that keep it are killed.
 */
class HistoryNodeTest {
  private static TestNode node;
  private static String token;
  private static int published;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            """
            services:
              identity: {}
              events: { restart_policy: { max_restarts: 100, restart_delay: 10ms } }
              analytics:
                depends_on: [events]
                restart_policy: { max_restarts: 100, restart_delay: 10ms }
                custom: { save_interval: 50ms, values: [test.made=2] }
              telemetry:
                restart_policy: { max_restarts: 100, restart_delay: 10ms }
                custom: { sample_interval: 500ms, retention: 1h }
            """);
    Users.register(node.channel("identity"), "ada");
    token = Users.authenticate(node.channel("identity"), "ada");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  /** With the user's token, and as patient as the test. */
  private static <S extends AbstractStub<S>> S asUser(S stub) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withWaitForReady()
        .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static AnalyticsGrpc.AnalyticsBlockingStub analytics() {
    return asUser(AnalyticsGrpc.newBlockingStub(node.channel("analytics")));
  }

  private static TelemetryGrpc.TelemetryBlockingStub telemetry() {
    return asUser(TelemetryGrpc.newBlockingStub(node.channel("telemetry")));
  }

  /** Each carries its number in field 2; again until it is acknowledged. */
  private static void publish(int count) {
    for (int i = 0; i < count; i++) {
      published++;
      ByteString data = ByteString.copyFrom(new byte[] {0x10, (byte) published});
      Event event =
          Event.newBuilder()
              .setId("id-" + published)
              .setType("test.made")
              .setData(Any.newBuilder().setTypeUrl("test/Made").setValue(data))
              .build();
      Await.until("it is published", TestNode.PATIENCE, () -> isPublished(event));
    }
  }

  private static boolean isPublished(Event event) {
    try {
      return asUser(EventStreamGrpc.newBlockingStub(node.channel("events")))
          .publishEvent(event)
          .getSuccess();
    } catch (StatusRuntimeException e) {
      return false; // its process was killed a moment ago
    }
  }

  private static long counted() {
    try {
      return analytics()
          .query(
              QueryRequest.newBuilder()
                  .setType("test.*")
                  .setWindow(Window.DAY)
                  .setWholeRange(true)
                  .build())
          .getWindowsList()
          .stream()
          .mapToLong(Summary::getCount)
          .sum();
    } catch (StatusRuntimeException e) {
      return -1; // its process was killed a moment ago
    }
  }

  @Test
  void eachEventIsCountedOnceWhileAnalyticsAndEventsAreKilled() {
    publish(20);
    long old = node.kill("analytics");
    publish(20);
    node.awaitReplaced("analytics", old, TestNode.PATIENCE);
    Await.until("they are counted", TestNode.PATIENCE, () -> counted() >= published);
    old = node.kill("events");
    node.awaitReplaced("events", old, TestNode.PATIENCE);
    publish(20);
    Await.until("all are counted", TestNode.PATIENCE, () -> counted() >= published);
    assertThat(counted()).isEqualTo(60).isEqualTo(published);

    TypeSummary top =
        analytics().top(TopRequest.newBuilder().setType("test.made").build()).getTypes(0);
    assertThat(top.getSummary().getDistinctSources()).isEqualTo(1);
    assertThat(top.getSummary().getBytes()).isEqualTo(120);
    // so few that the sketch has them all
    assertThat(top.getSummary().getValues(0).getValue()).isEqualTo(30);
    assertThat(node.metrics("analytics").orElseThrow()).containsEntry("analytics_late_total", 0.0);
    assertThatThrownBy(
            () ->
                AnalyticsGrpc.newBlockingStub(node.channel("analytics"))
                    .top(TopRequest.getDefaultInstance()))
        .hasMessageStartingWith("UNAUTHENTICATED");
  }

  private static List<Double> values(String service, String metric) {
    try {
      return telemetry()
          .query(
              blackhole.telemetry.v1.QueryRequest.newBuilder()
                  .setService(service)
                  .addMetrics(metric)
                  .setAggregate(Aggregate.LAST)
                  .build())
          .getSeriesList()
          .stream()
          .map(Series::getPointsList)
          .flatMap(List::stream)
          .map(Point::getValue)
          .toList();
    } catch (StatusRuntimeException e) {
      return List.of();
    }
  }

  private static List<Sample> samples(String service) {
    List<Sample> samples = new ArrayList<>();
    try {
      telemetry()
          .export(ExportRequest.newBuilder().setService(service).build())
          .forEachRemaining(samples::add);
    } catch (StatusRuntimeException e) {
      samples.clear(); // its process was killed a moment ago
    }
    return samples;
  }

  @Test
  void everyProcessHasAHistoryThatOutlivesTelemetry() {
    for (String service : List.of("identity", "events", "analytics", "telemetry")) {
      Await.until(
          service + " has a history",
          TestNode.PATIENCE,
          () -> values(service, "rss_bytes").stream().anyMatch(bytes -> bytes > 1 << 20));
    }
    JsonObject past = node.json("bh:top identity --past 1h --json").get(0).getAsJsonObject();
    assertThat(past.get("service").getAsString()).isEqualTo("identity");
    assertThat(past.get("rss_bytes_maximum").getAsLong())
        .isGreaterThanOrEqualTo(past.get("rss_bytes_average").getAsLong())
        .isGreaterThan(1 << 20);
    long old = node.kill("telemetry");
    node.awaitReplaced("telemetry", old, TestNode.PATIENCE);
    Await.until(
        "both processes are in it",
        TestNode.PATIENCE,
        () -> {
          List<Double> pids =
              samples("telemetry").stream()
                  .map(sample -> sample.getMetricsOrDefault("pid", 0))
                  .toList();
          return pids.contains((double) old) && pids.stream().anyMatch(pid -> pid != old);
        });
    assertThat(
            telemetry()
                .listSeries(ListSeriesRequest.newBuilder().setService("events").build())
                .getInstances(0)
                .getMetricsList())
        .contains("up", "requests_total", "cpu_cores", "log_last_position");
    assertThat(samples("identity"))
        .isNotEmpty()
        .extracting(Sample::getTime)
        .isSorted()
        .doesNotHaveDuplicates();
    assertThatThrownBy(
            () ->
                TelemetryGrpc.newBlockingStub(node.channel("telemetry"))
                    .listSeries(ListSeriesRequest.getDefaultInstance()))
        .hasMessageStartingWith("UNAUTHENTICATED");
  }
}
