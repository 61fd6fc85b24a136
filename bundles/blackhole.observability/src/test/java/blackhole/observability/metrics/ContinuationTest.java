package blackhole.observability.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.metrics.Histogram;
import blackhole.api.metrics.Metric;
import blackhole.api.supervision.InstanceId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContinuationTest {
  private static final InstanceId ID = new InstanceId("a", 1);

  private final Continuation continuation = new Continuation();

  private static Metric counter(double value, String label) {
    return Metric.counter("c_total", "C.", "label").with(value, label).build();
  }

  private static Metric gauge(double value) {
    return Metric.gauge("g", "G.").with(value).build();
  }

  private List<Double> told(String host, boolean adopted, Metric... metrics) {
    return values(continuation.tell(ID, host, adopted, List.of(metrics)));
  }

  private static List<Double> values(List<Metric> metrics) {
    return metrics.stream()
        .flatMap(metric -> metric.series().stream())
        .map(Metric.Series::value)
        .toList();
  }

  @Test
  void countersGoOnInTheNextProcessAndGaugesDoNot() {
    assertThat(told("p1", false, counter(5, "x"), gauge(7))).containsExactly(5.0, 7.0);
    assertThat(told("p1", false, counter(6, "x"), gauge(3))).containsExactly(6.0, 3.0);
    assertThat(told("p2", false, counter(2, "x"), gauge(1))).containsExactly(8.0, 1.0);
    assertThat(told("p2", false, counter(4, "x"), gauge(1))).containsExactly(10.0, 1.0);
    assertThat(told("p3", false, counter(0, "x"))).containsExactly(10.0);
  }

  @Test
  void aSeriesThatTheNextProcessDoesNotHaveStays() {
    assertThat(told("p1", false, counter(5, "x"))).containsExactly(5.0);
    assertThat(told("p2", false, counter(2, "y"))).containsExactly(5.0, 2.0);
    assertThat(told("p3", false)).containsExactly(5.0, 2.0);
  }

  @Test
  void oneThatHangsOrIsGoneShowsWhatItHadCounted() {
    assertThat(continuation.remembered(ID)).isEmpty();
    assertThat(told("p1", false, counter(5, "x"), gauge(7))).containsExactly(5.0, 7.0);
    assertThat(values(continuation.remembered(ID))).containsExactly(5.0);
    assertThat(told("p2", false, counter(1, "x"))).containsExactly(6.0);
  }

  /** What the processes before it had counted is not known, so it cannot go on from there. */
  @Test
  void countersOfAnAdoptedProcessBeginWithTheOrchestrator() {
    assertThat(told("p7", true, counter(500, "x"))).containsExactly(0.0);
    assertThat(told("p7", true, counter(503, "x"))).containsExactly(3.0);
    assertThat(told("p8", false, counter(1, "x"))).containsExactly(4.0);
  }

  @Test
  void histogramsAndSummariesGoOnInEachOfTheirParts() {
    Histogram first = new Histogram(Histogram.Buckets.BYTES);
    first.record(10);
    Histogram second = new Histogram(Histogram.Buckets.BYTES);
    second.record(20);
    second.record(1000);
    told("p1", false, histogram(first), summary(2, 0.5));
    List<Metric> all =
        continuation.tell(ID, "p2", false, List.of(histogram(second), summary(1, 0.25)));
    assertThat(all.get(0).series().get(0).counts()).startsWith(2L, 0L, 1L, 0L);
    assertThat(all.get(0).series().get(0).value()).isEqualTo(1030);
    assertThat(all.get(1).series().get(0).counts()).containsExactly(3L);
    assertThat(all.get(1).series().get(0).value()).isEqualTo(0.75);
  }

  private static Metric histogram(Histogram histogram) {
    return Metric.histogram("h_bytes", "H.", Histogram.Buckets.BYTES).with(histogram).build();
  }

  private static Metric summary(long count, double sum) {
    return Metric.summary("s_seconds", "S.").with(count, sum).build();
  }

  @Test
  void aMetricOfAnotherShapeBeginsAnew() {
    told("p1", false, counter(5, "x"));
    Metric other = Metric.counter("c_total", "C.", "label", "more").with(1, "x", "y").build();
    assertThat(told("p2", false, other)).containsExactly(1.0);
  }

  @Test
  void forgetsInstancesThatTheNodeHasNoMore() {
    told("p1", false, counter(5, "x"));
    continuation.retain(List.of(new InstanceId("b", 1)));
    assertThat(continuation.remembered(ID)).isEmpty();
    assertThat(told("p2", false, counter(1, "x"))).containsExactly(1.0);
  }
}
