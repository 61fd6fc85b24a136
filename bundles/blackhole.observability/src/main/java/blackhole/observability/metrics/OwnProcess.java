package blackhole.observability.metrics;

import blackhole.api.metrics.Metric;
import blackhole.api.metrics.MetricSource;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessSampler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * What the system says of the orchestrator's own process; the sampler of processes is only there.
 * Thread-safe.
 */
@Component
public final class OwnProcess implements MetricSource {
  private static final Path STAT = Path.of("/proc/self/stat");

  /** Field 22, counted from behind the name, which may have anything in it. */
  private static final int START_TICKS = 19;

  private final ProcessSampler sampler;
  private final Instant started;
  private final long startedNanos;

  @Activate
  public OwnProcess(@Reference ProcessSampler sampler) {
    this.sampler = sampler;
    Instant now = Instant.now();
    this.started = ProcessHandle.current().info().startInstant().orElse(now);
    this.startedNanos = System.nanoTime() - Duration.between(started, now).toNanos();
  }

  @Override
  public List<Metric> metrics() {
    long pid = ProcessHandle.current().pid();
    Duration uptime = Duration.ofNanos(System.nanoTime() - startedNanos);
    List<Metric> metrics = new ArrayList<>(ProcessMetrics.identity(pid, started, uptime));
    sampler
        .sample(new ProcessIdentity(pid, startTicks()))
        .ifPresent(
            sample ->
                metrics.addAll(
                    ProcessMetrics.measured(
                        sample.cpuTime(), sample.rssBytes(), sample.openFds(), sample.threads())));
    return metrics;
  }

  private static long startTicks() {
    try {
      String stat = Files.readString(STAT, StandardCharsets.ISO_8859_1);
      String behindName = stat.substring(stat.lastIndexOf(')') + 2);
      return Long.parseLong(behindName.split(" ", -1)[START_TICKS]);
    } catch (IOException | RuntimeException e) {
      // not on this system, where the sampler finds nothing either
      return 0;
    }
  }
}
