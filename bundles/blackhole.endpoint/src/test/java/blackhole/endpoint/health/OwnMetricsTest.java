package blackhole.endpoint.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import blackhole.api.metrics.Metric;
import blackhole.endpoint.LogCapture;
import blackhole.endpoint.call.CallCounters;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnMetricsTest {
  private final OwnMetrics metrics = new OwnMetrics();

  @Test
  void standBesideTheHosts() {
    metrics.add(1, "blackhole.some", () -> () -> Map.of("entries", 3.0, "requests_total", -1.0));
    HostHealth health =
        new HostHealth(
            new HealthChecks(),
            new CallCounters(method -> false),
            new ProcessMetrics(),
            metrics::collect);
    assertThat(health.report().metrics())
        .containsEntry("entries", 3.0)
        .containsEntry("requests_total", 0.0)
        .containsKey("heap_used_bytes");
  }

  @Test
  void areOfAllWhoTell() {
    metrics.add(1, "blackhole.some", () -> () -> Map.of("a", 1.0));
    metrics.add(2, "blackhole.some", () -> () -> Map.of("b", 2.0));
    metrics.add(3, "blackhole.some", () -> null);
    assertThat(metrics.collect()).isEqualTo(Map.of("a", 1.0, "b", 2.0));
    assertThat(metrics.remove(1)).isTrue();
    assertThat(metrics.remove(1)).isFalse();
    assertThat(metrics.remove(3)).isFalse();
    assertThat(metrics.collect()).isEqualTo(Map.of("b", 2.0));
  }

  @Test
  void oneWhoThrowsIsLeftOutAndNamedOnce() {
    metrics.add(
        1,
        "blackhole.some",
        () ->
            () -> {
              throw new IllegalStateException("no numbers today");
            });
    metrics.add(2, "blackhole.some", () -> () -> Map.of("b", 2.0));
    try (LogCapture log = new LogCapture(OwnMetrics.class.getName())) {
      assertThat(metrics.collect()).isEqualTo(Map.of("b", 2.0));
      assertThat(metrics.collect()).isEqualTo(Map.of("b", 2.0));
      assertThat(log.warnings()).hasSize(1);
    }
  }

  @Test
  void areNamedByTheirBundle() {
    metrics.add(
        1,
        "org.example.Light-Bulbs",
        () -> () -> Map.of("lit", 1.0, "light_bulbs_bought_total", 2.0, "no name", 3.0));
    metrics.add(2, "7", () -> () -> Map.of("b", 2.0));
    assertThat(metrics.metrics())
        .extracting(Metric::name, Metric::type, metric -> metric.series().get(0).value())
        .containsExactly(
            tuple("light_bulbs_bought_total", Metric.Type.COUNTER, 2.0),
            tuple("light_bulbs_lit", Metric.Type.GAUGE, 1.0),
            tuple("service_7_b", Metric.Type.GAUGE, 2.0));
  }
}
