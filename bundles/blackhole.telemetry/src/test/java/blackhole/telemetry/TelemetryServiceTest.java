package blackhole.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import blackhole.api.rpc.RpcStatus;
import blackhole.health.v1.HealthRequest;
import blackhole.telemetry.history.InstanceKey;
import blackhole.telemetry.v1.Aggregate;
import blackhole.telemetry.v1.ExportRequest;
import blackhole.telemetry.v1.InstanceSeries;
import blackhole.telemetry.v1.ListSeriesRequest;
import blackhole.telemetry.v1.ListSeriesResponse;
import blackhole.telemetry.v1.Point;
import blackhole.telemetry.v1.QueryRequest;
import blackhole.telemetry.v1.QueryResponse;
import blackhole.telemetry.v1.Sample;
import blackhole.telemetry.v1.Series;
import blackhole.testkit.Await;
import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class TelemetryServiceTest {
  private static final InstanceKey TELEMETRY = new InstanceKey("telemetry", 1);
  private static final InstanceKey OLD = new InstanceKey("old", 1);

  private static final TelemetryCore.Config CONFIG =
      TestConfig.with("sampleInterval", 100L, "retention", 600_000L);

  @TempDir Path home;

  private RunningTelemetry telemetry;

  @BeforeEach
  void start() throws Exception {
    telemetry = new RunningTelemetry(home, CONFIG);
  }

  @AfterEach
  void stop() throws Exception {
    telemetry.close();
  }

  /** Samples of a service that is not asked, so that they are all that there is. */
  private long putOld(int count) throws Exception {
    long first = Math.floorDiv(telemetry.core.clock().millis(), 100) * 100 - 60_000;
    for (int i = 0; i < count; i++) {
      telemetry
          .core
          .history()
          .put(OLD, new blackhole.telemetry.history.Sample(first + i * 100L, Map.of("n", 1.0 * i)));
    }
    return first;
  }

  private QueryRequest.Builder query(String service, String... metrics) {
    return QueryRequest.newBuilder().setService(service).addAllMetrics(List.of(metrics));
  }

  @Test
  void keepsWhatInstancesAnswerAndThatOneDoesNot() throws Exception {
    telemetry.requests.set(42);
    Await.until(
        "there are samples",
        () ->
            telemetry.core.history().metrics("telemetry").containsKey(TELEMETRY)
                && points("telemetry", "requests_total").contains(42.0));
    assertThat(points("telemetry", "uptime_seconds")).contains(7.0);
    assertThat(points("telemetry", "health_grade")).contains(1.0);
    assertThat(points("telemetry", "pid")).contains(4711.0);
    Await.until("nobody answered", () -> points("absent", "up").contains(0.0));
    assertThat(telemetry.core.metrics().get("telemetry_unanswered_total")).isPositive();
    assertThat(telemetry.core.check().message()).isEmpty();
  }

  private List<Double> points(String service, String metric) {
    return telemetry
        .stub()
        .query(query(service, metric).setAggregate(Aggregate.LAST).setStepSeconds(4).build())
        .getSeriesList()
        .stream()
        .flatMap(series -> series.getPointsList().stream())
        .map(Point::getValue)
        .toList();
  }

  @Test
  void goesOnWithTheHistoryAfterARestart() throws Exception {
    long first = putOld(10);
    telemetry.close();
    telemetry = new RunningTelemetry(home, CONFIG);

    QueryResponse response =
        telemetry
            .stub()
            .query(
                query("old", "n", "unknown")
                    .setFrom(first)
                    .setTo(first + 1000)
                    .setStepSeconds(1)
                    .setAggregate(Aggregate.MAXIMUM)
                    .build());
    assertThat(response.getSeriesList())
        .containsExactly(
            Series.newBuilder()
                .setService("old")
                .setInstance(1)
                .setMetric("n")
                .addPoints(Point.newBuilder().setTime(first).setValue(9))
                .build());
  }

  @Test
  void pagesSeriesWithoutOneTwiceOrNone() throws Exception {
    long now = telemetry.core.clock().millis();
    for (int i = 1; i <= 5; i++) {
      telemetry
          .core
          .history()
          .put(
              new InstanceKey("paged", i),
              new blackhole.telemetry.history.Sample(now, Map.of("a", 1.0, "b", 2.0)));
    }
    List<String> seen = new ArrayList<>();
    String token = "";
    do {
      QueryResponse page =
          telemetry
              .stub()
              .query(query("paged", "b", "a").setPageSize(3).setPageToken(token).build());
      assertThat(page.getSeriesCount()).isLessThanOrEqualTo(3);
      page.getSeriesList().forEach(s -> seen.add(s.getInstance() + s.getMetric()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(seen).containsExactly("1a", "1b", "2a", "2b", "3a", "3b", "4a", "4b", "5a", "5b");

    ListSeriesResponse listed =
        telemetry
            .stub()
            .listSeries(ListSeriesRequest.newBuilder().setService("paged").setPageSize(4).build());
    assertThat(listed.getInstancesList())
        .extracting(InstanceSeries::getInstance)
        .containsExactly(1, 2, 3, 4);
    assertThat(listed.getInstances(0).getMetricsList()).containsExactly("a", "b");
    assertThat(
            telemetry
                .stub()
                .listSeries(
                    ListSeriesRequest.newBuilder()
                        .setService("paged")
                        .setPageToken(listed.getNextPageToken())
                        .build())
                .getInstancesList())
        .extracting(InstanceSeries::getInstance)
        .containsExactly(5);
  }

  @Test
  void exportsEverySampleInOrder() throws Exception {
    long first = putOld(500);
    List<Sample> samples = new ArrayList<>();
    telemetry
        .stub()
        .export(ExportRequest.newBuilder().setService("old").setFrom(first + 1000).build())
        .forEachRemaining(samples::add);
    assertThat(samples).hasSize(490);
    assertThat(samples).extracting(Sample::getTime).isSorted();
    assertThat(samples.get(0).getMetricsMap()).containsExactly(Map.entry("n", 10.0));
  }

  @Test
  void saysFieldByFieldWhatIsWrong() {
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                telemetry
                    .stub()
                    .query(
                        QueryRequest.newBuilder()
                            .setService("../x")
                            .setInstance(-1)
                            .setFrom(-1)
                            .setTo(-2)
                            .setStepSeconds(-1)
                            .setAggregateValue(99)
                            .setPageSize(-1)
                            .setPageToken("what")
                            .build()));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(RpcStatus.reasonOf(failure)).contains("INVALID_REQUEST");
    assertThat(fields(failure))
        .containsExactlyInAnyOrder(
            "service",
            "instance",
            "metrics",
            "from",
            "to",
            "step_seconds",
            "aggregate",
            "page_size",
            "page_token");
    failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                telemetry
                    .stub()
                    .query(query("x", "y").setFrom(1).setTo(86_400_000).setStepSeconds(1).build()));
    assertThat(failure.getStatus().getDescription())
        .isEqualTo("step_seconds makes 86400 points of this range, expected at most 1000");
    failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                telemetry
                    .stub()
                    .export(ExportRequest.newBuilder().setFrom(5).setTo(5).build())
                    .hasNext());
    assertThat(fields(failure)).containsExactly("from");
  }

  private static List<String> fields(StatusRuntimeException failure) {
    return StatusProto.fromThrowable(failure).getDetailsList().stream()
        .filter(any -> any.is(BadRequest.class))
        .flatMap(any -> violations(any).stream())
        .map(FieldViolation::getField)
        .toList();
  }

  private static List<FieldViolation> violations(Any any) {
    try {
      return any.unpack(BadRequest.class).getFieldViolationsList();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void answersForItsOwnHealthOnly() {
    assertThat(telemetry.stub().health(HealthRequest.getDefaultInstance()).getStatus())
        .isEqualTo("healthy");
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> telemetry.stub().health(HealthRequest.newBuilder().setService("other").build()));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
  }
}
