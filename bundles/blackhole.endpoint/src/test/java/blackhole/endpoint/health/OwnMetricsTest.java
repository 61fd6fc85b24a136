package blackhole.endpoint.health;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.endpoint.LogCapture;
import blackhole.endpoint.call.CallCounters;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnMetricsTest {
  private final OwnMetrics metrics = new OwnMetrics();

  @Test
  void standBesideTheHosts() {
    metrics.add(1, () -> () -> Map.of("entries", 3.0, "requests_total", -1.0));
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
    metrics.add(1, () -> () -> Map.of("a", 1.0));
    metrics.add(2, () -> () -> Map.of("b", 2.0));
    metrics.add(3, () -> null);
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
        () ->
            () -> {
              throw new IllegalStateException("no numbers today");
            });
    metrics.add(2, () -> () -> Map.of("b", 2.0));
    try (LogCapture log = new LogCapture(OwnMetrics.class.getName())) {
      assertThat(metrics.collect()).isEqualTo(Map.of("b", 2.0));
      assertThat(metrics.collect()).isEqualTo(Map.of("b", 2.0));
      assertThat(log.warnings()).hasSize(1);
    }
  }
}
