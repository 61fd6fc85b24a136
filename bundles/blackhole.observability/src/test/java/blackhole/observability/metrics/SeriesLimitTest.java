package blackhole.observability.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.metrics.Metric;
import blackhole.api.metrics.MetricSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeriesLimitTest {
  private final SeriesLimit limit = new SeriesLimit();

  /** As one has whose author took users' names for a label. */
  private static Metric metric(int series) {
    return new Metric(
        "logins_total",
        "Logins.",
        Metric.Type.COUNTER,
        List.of("user"),
        List.of(),
        IntStream.range(0, series)
            .mapToObj(i -> new Metric.Series(List.of("user " + i), i, List.of()))
            .toList());
  }

  @Test
  void aMetricWithTooManySeriesIsCutAndTheOthersAreNot() {
    Metric most = metric(MetricSource.MAX_SERIES);
    assertThat(limit.cut(most)).isSameAs(most);
    assertThat(limit.cut(metric(MetricSource.MAX_SERIES + 5))).isEqualTo(most);
  }
}
