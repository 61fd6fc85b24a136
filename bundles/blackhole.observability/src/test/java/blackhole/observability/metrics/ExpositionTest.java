package blackhole.observability.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.metrics.Histogram;
import blackhole.api.metrics.Metric;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpositionTest {
  private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";

  private final Exposition exposition = new Exposition();
  private final Families families = new Families();

  private String text(String accept) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    exposition.write(exposition.writer(accept), families, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void writesWhatPrometheusReads() throws IOException {
    Histogram histogram = new Histogram(new Histogram.Buckets(10, List.of(1.0, 2.0)));
    histogram.record(10);
    histogram.record(15);
    histogram.record(30);
    families.add(
        "a",
        2,
        List.of(
            Metric.counter("c_total", "A \"count\".", "x").with(3, "\"\n\\").build(),
            Metric.gauge("g_bytes", "G.").with(4.5).build(),
            Metric.histogram("h_seconds", "H.", new Histogram.Buckets(10, List.of(1.0, 2.0)))
                .with(histogram)
                .build(),
            Metric.summary("s_seconds", "S.").with(2, 0.5).build()));
    assertThat(text(null))
        .isEqualTo(
            """
            # HELP c_total A "count".
            # TYPE c_total counter
            c_total{replica="2",service="a",x="\\"\\n\\\\"} 3.0
            # HELP g_bytes G.
            # TYPE g_bytes gauge
            g_bytes{replica="2",service="a"} 4.5
            # HELP h_seconds H.
            # TYPE h_seconds histogram
            h_seconds_bucket{replica="2",service="a",le="1.0"} 1
            h_seconds_bucket{replica="2",service="a",le="2.0"} 2
            h_seconds_bucket{replica="2",service="a",le="+Inf"} 3
            h_seconds_count{replica="2",service="a"} 3
            h_seconds_sum{replica="2",service="a"} 5.5
            # HELP s_seconds S.
            # TYPE s_seconds summary
            s_seconds_count{replica="2",service="a"} 2
            s_seconds_sum{replica="2",service="a"} 0.5
            """);
    assertThat(text(OPEN_METRICS))
        .contains("# TYPE c counter\n", "c_total{", "h_seconds_bucket{")
        .endsWith("# EOF\n");
  }

  @Test
  void choosesTheFormatByWhatTheReaderTakes() {
    assertThat(exposition.writer(null).getContentType()).startsWith("text/plain; version=0.0.4");
    assertThat(exposition.writer("*/*").getContentType()).startsWith("text/plain; version=0.0.4");
    assertThat(exposition.writer(OPEN_METRICS + ",text/plain;q=0.5").getContentType())
        .startsWith("application/openmetrics-text; version=1.0.0");
  }

  @Test
  void oneThatDoesNotFitIsLeftOutAndTheRestStays() throws IOException {
    families.add("a", 1, List.of(Metric.gauge("same", "S.").with(1).build()));
    families.add("b", 1, List.of(Metric.counter("same", "S.").with(2).build()));
    families.add("a", 1, List.of(Metric.gauge("same", "S.").with(3).build()));
    families.add(
        "a",
        1,
        List.of(
            Metric.gauge("labelled", "L.", "service").with(1, "mine").build(),
            Metric.gauge("no name", "N.").with(1).build(),
            Metric.gauge("nothing", "N.").build()));
    assertThat(text(null)).contains("same{replica=\"1\",service=\"a\"} 1.0\n");
    assertThat(text(null).lines().filter(line -> line.startsWith("same{"))).hasSize(1);
    assertThat(text(null)).doesNotContain("mine", "nothing");
  }
}
