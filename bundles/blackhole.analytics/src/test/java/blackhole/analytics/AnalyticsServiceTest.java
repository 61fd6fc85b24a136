package blackhole.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import blackhole.analytics.v1.Kind;
import blackhole.analytics.v1.Measure;
import blackhole.analytics.v1.Quantile;
import blackhole.analytics.v1.QueryRequest;
import blackhole.analytics.v1.QueryResponse;
import blackhole.analytics.v1.Summary;
import blackhole.analytics.v1.TopRequest;
import blackhole.analytics.v1.TopResponse;
import blackhole.analytics.v1.TypeSummary;
import blackhole.analytics.v1.Window;
import blackhole.api.events.Event;
import blackhole.api.events.Payload;
import blackhole.health.v1.HealthRequest;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class AnalyticsServiceTest {
  @TempDir Path data;

  private RunningAnalytics analytics;
  private long position;

  @BeforeEach
  void start() throws Exception {
    analytics = new RunningAnalytics(data, TestConfig.with());
  }

  @AfterEach
  void stop() throws Exception {
    analytics.close();
  }

  private void count(String type, Instant time, Optional<Payload> payload) {
    position++;
    analytics.core.count(new Event("id-" + position, type, "source", time, payload, "", position));
  }

  /** As storage says it: the blob's name is field 1, its size field 2. */
  private static Optional<Payload> blob(String cid, long size) {
    return Optional.of(
        new Payload(
            "type.googleapis.com/blackhole.storage.v1.BlobStored",
            UnknownFieldSet.newBuilder()
                .addField(
                    1, Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8(cid)).build())
                .addField(2, Field.newBuilder().addVarint(size).build())
                .build()
                .toByteString()));
  }

  @Test
  void saysWhatEventsComeTo() {
    Instant now = Instant.now();
    for (int i = 1; i <= 100; i++) {
      count("blob.stored", now, blob("cid-" + i % 10, i));
    }
    Summary summary =
        analytics
            .stub()
            .query(
                QueryRequest.newBuilder()
                    .setType("blob.*")
                    .setWindow(Window.DAY)
                    .setWholeRange(true)
                    .addQuantiles(0)
                    .addQuantiles(0.5)
                    .addQuantiles(1)
                    .build())
            .getWindows(0);
    assertThat(summary.getCount()).isEqualTo(100);
    assertThat(summary.getDistinctSources()).isEqualTo(1);
    assertThat(summary.getDistinctSubjects()).isEqualTo(10);
    // so few that the sketch has them all
    assertThat(summary.getValuesList())
        .extracting(Quantile::getValue)
        .containsExactly(1.0, 50.0, 100.0);
    assertThat(summary.getSizesList()).hasSize(3);
  }

  @Test
  void pagesWindowsWithoutOneTwiceOrNone() {
    Instant now = Instant.now();
    for (int i = 0; i < 10; i++) {
      count("a.b", now.minusSeconds(60L * i), Optional.empty());
    }
    List<Long> starts = new ArrayList<>();
    String token = "";
    do {
      QueryResponse page =
          analytics
              .stub()
              .query(
                  QueryRequest.newBuilder()
                      .setWindow(Window.MINUTE)
                      .setPageSize(3)
                      .setPageToken(token)
                      .build());
      assertThat(page.getWindowsCount()).isLessThanOrEqualTo(3);
      page.getWindowsList().forEach(window -> starts.add(window.getStart()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(starts).hasSize(10).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void ranksTypes() {
    Instant now = Instant.now();
    count("few.large", now, blob("x".repeat(1000), 1));
    for (int i = 0; i < 3; i++) {
      count("many.small", now, Optional.empty());
    }
    count("also.one", now, Optional.empty());
    assertThat(top(Measure.COUNT, 10)).containsExactly("many.small", "also.one", "few.large");
    assertThat(top(Measure.BYTES, 1)).containsExactly("few.large");
    assertThat(top(Measure.MEASURE_UNSPECIFIED, 1)).containsExactly("many.small");
  }

  @Test
  void ranksSourcesAndSubjects() throws Exception {
    Instant now = Instant.now();
    for (int i = 0; i < 6; i++) {
      count("blob.stored", now, blob("cid-" + Math.min(i, 3), 1));
    }
    count("blob.deleted", now, blob("cid-0", 1));
    for (int round = 0; round < 2; round++) {
      TopRequest.Builder subjects = TopRequest.newBuilder().setOf(Kind.SUBJECTS);
      assertThat(names(subjects)).containsExactly("cid-3 3", "cid-0 2", "cid-1 1", "cid-2 1");
      assertThat(names(subjects.clone().setLimit(1))).containsExactly("cid-3 3");
      assertThat(names(subjects.clone().setType("blob.deleted"))).containsExactly("cid-0 1");
      assertThat(names(TopRequest.newBuilder().setOf(Kind.SOURCES).setWindow(Window.DAY)))
          .containsExactly("source 7");
      // what was saved says the same
      stop();
      start();
    }
  }

  private List<String> names(TopRequest.Builder request) {
    TopResponse response = analytics.stub().top(request.build());
    assertThat(response.getTypesList()).isEmpty();
    assertThat(response.getItemsList()).allMatch(item -> item.getOvercount() == 0);
    return response.getItemsList().stream()
        .map(item -> item.getName() + " " + item.getCount())
        .toList();
  }

  private List<String> top(Measure by, int limit) {
    TopResponse response =
        analytics.stub().top(TopRequest.newBuilder().setBy(by).setLimit(limit).build());
    return response.getTypesList().stream().map(TypeSummary::getType).toList();
  }

  @Test
  void saysFieldByFieldWhatIsWrong() {
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                analytics
                    .stub()
                    .query(
                        QueryRequest.newBuilder()
                            .setType("A b")
                            .setWindowValue(9)
                            .setFrom(-1)
                            .setTo(-2)
                            .addQuantiles(1.5)
                            .setPageSize(-1)
                            .setPageToken("x")
                            .build()));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(fields(failure))
        .containsExactlyInAnyOrder(
            "type", "window", "from", "to", "quantiles", "page_size", "page_token");
    failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> analytics.stub().top(TopRequest.newBuilder().setByValue(9).setLimit(-1).build()));
    assertThat(fields(failure)).containsExactlyInAnyOrder("by", "limit");
    failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                analytics
                    .stub()
                    .top(TopRequest.newBuilder().setOfValue(9).setBy(Measure.BYTES).build()));
    assertThat(fields(failure)).containsExactlyInAnyOrder("by", "of");
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
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void answersForItsOwnHealthOnly() {
    assertThat(analytics.stub().health(HealthRequest.getDefaultInstance()).getStatus())
        .isEqualTo("healthy");
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> analytics.stub().health(HealthRequest.newBuilder().setService("other").build()));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
  }
}
