package blackhole.endpoint.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMetricsTest {
  private final Map<String, Double> metrics = new HashMap<>();

  @Test
  void readsTheSystemsFiles(@TempDir Path proc) throws Exception {
    Files.writeString(proc.resolve("status"), "Name:\tjava\nVmRSS:\t   84120 kB\nThreads:\t23\n");
    Path fd = Files.createDirectory(proc.resolve("fd"));
    for (int i = 0; i < 6; i++) {
      Files.createFile(fd.resolve(Integer.toString(i)));
    }
    new ProcessMetrics(System::nanoTime, proc).collect(metrics);

    assertThat(metrics)
        .containsEntry("rss_bytes", 84120.0 * 1024)
        .containsEntry("threads", 23.0)
        .containsEntry("open_fds", 5.0);
  }

  @Test
  void leavesOutWhatCannotBeRead(@TempDir Path empty) {
    new ProcessMetrics(System::nanoTime, empty).collect(metrics);
    assertThat(metrics)
        .containsKey("heap_used_bytes")
        .doesNotContainKeys("rss_bytes", "threads", "open_fds");
  }

  @Test
  void thisProcessHasThemAll() {
    ProcessMetrics self = new ProcessMetrics();
    self.collect(metrics);
    assertThat(metrics)
        .containsOnlyKeys("heap_used_bytes", "rss_bytes", "cpu_cores", "open_fds", "threads")
        .allSatisfy((name, value) -> assertThat(value).as(name).isPositive());
    assertThat(metrics.get("rss_bytes")).isGreaterThan(metrics.get("open_fds"));
    assertThat(self.uptime()).isPositive();
  }
}
