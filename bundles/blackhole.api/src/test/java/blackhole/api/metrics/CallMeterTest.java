package blackhole.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallMeterTest {
  private final CallMeter meter = new CallMeter();

  private Metric metric(String name) {
    return CallMeter.metrics("server", "", Map.of("", meter)).stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void countsDurationsByMethodAndCode() {
    meter.method("a.B/C").ended(Status.Code.OK, 100_000);
    meter.method("a.B/C").ended(Status.Code.OK, 100_001);
    meter.method("a.B/C").ended(Status.Code.INTERNAL, 60_000_000_000L);

    Metric durations = metric("rpc_server_duration_seconds");
    assertThat(durations.labels()).containsExactly("method", "code");
    assertThat(durations.series()).hasSize(2);
    Metric.Series fine = durations.series().get(0);
    assertThat(fine.values()).containsExactly("a.B/C", "OK");
    assertThat(fine.counts()).startsWith(1L, 1L).endsWith(0L);
    assertThat(fine.value()).isEqualTo(0.000200001);
    Metric.Series failed = durations.series().get(1);
    assertThat(failed.values()).containsExactly("a.B/C", "INTERNAL");
    assertThat(failed.counts()).startsWith(0L).endsWith(1L);
  }

  @Test
  void countsSizesByMethod() {
    meter.method("a.B/C").request(64);
    meter.method("a.B/C").request(65);
    meter.method("a.B/C").response(1 << 30);

    assertThat(metric("rpc_server_request_size_bytes").series())
        .singleElement()
        .satisfies(
            series -> {
              assertThat(series.values()).containsExactly("a.B/C");
              assertThat(series.counts()).startsWith(1L, 1L, 0L);
              assertThat(series.value()).isEqualTo(129);
            });
    assertThat(metric("rpc_server_response_size_bytes").series().get(0).counts()).endsWith(0L, 1L);
  }

  @Test
  void boundsMethods() {
    for (int i = 0; i < 10 * CallMeter.MAX_METHODS; i++) {
      meter.method("a.B/" + i).ended(Status.Code.OK, 1);
    }
    meter.other().ended(Status.Code.UNIMPLEMENTED, 1);

    List<Metric.Series> series = metric("rpc_server_duration_seconds").series();
    assertThat(series).hasSize(CallMeter.MAX_METHODS + 2);
    assertThat(series)
        .filteredOn(one -> one.values().equals(List.of(CallMeter.OTHER, "OK")))
        .singleElement()
        .satisfies(one -> assertThat(one.counts()).startsWith(9L * CallMeter.MAX_METHODS));
  }

  @Test
  void tellsMetersApart() {
    CallMeter another = new CallMeter();
    meter.method("a.B/C").ended(Status.Code.OK, 1);
    another.method("a.B/C").ended(Status.Code.OK, 1);
    assertThat(CallMeter.metrics("client", "peer_service", Map.of("x", meter, "y", another)).get(0))
        .satisfies(
            metric -> {
              assertThat(metric.name()).isEqualTo("rpc_client_duration_seconds");
              assertThat(metric.labels()).containsExactly("peer_service", "method", "code");
              assertThat(metric.series().stream().map(Metric.Series::values))
                  .containsExactlyInAnyOrder(
                      List.of("x", "a.B/C", "OK"), List.of("y", "a.B/C", "OK"));
            });
  }

  @Test
  void refusesSeriesThatDoNotFit() {
    assertThatThrownBy(() -> Metric.counter("a_total", "A.", "label").with(1).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a_total");
    assertThatThrownBy(() -> Metric.gauge("a", "A.").with(1, 2.0).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Histogram.Buckets(1, List.of(2.0, 1.0)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
