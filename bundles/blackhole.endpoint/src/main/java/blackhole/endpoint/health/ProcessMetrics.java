package blackhole.endpoint.health;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * What the system and the JVM say of this process. Read from {@code /proc} rather than through
 * management beans, which take tens of milliseconds to load at a moment when a start is being
 * timed. What can't be read is left out. Thread-safe.
 */
public final class ProcessMetrics {
  private static final Path SELF = Path.of("/proc/self");
  private static final int BYTES_PER_KIB = 1024;

  private final LongSupplier nanoTime;
  private final long startedNanos;
  private final CpuMeter cpu;
  private final Path proc;

  public ProcessMetrics() {
    this(System::nanoTime, SELF);
  }

  ProcessMetrics(LongSupplier nanoTime, Path proc) {
    ProcessHandle.Info self = ProcessHandle.current().info();
    Instant now = Instant.now();
    // the wall clock is asked once, at the start; from then on a clock that jumps does no harm
    Duration age = Duration.between(self.startInstant().orElse(now), now);
    this.nanoTime = nanoTime;
    this.startedNanos = nanoTime.getAsLong() - Math.max(0, age.toNanos());
    this.cpu =
        new CpuMeter(
            startedNanos, nanoTime, () -> ProcessHandle.current().info().totalCpuDuration());
    this.proc = proc;
  }

  /** Since the process started. */
  public Duration uptime() {
    return Duration.ofNanos(nanoTime.getAsLong() - startedNanos);
  }

  /** Puts {@code heap_used_bytes, rss_bytes, cpu_cores, open_fds, threads}. */
  public void collect(Map<String, Double> metrics) {
    Runtime runtime = Runtime.getRuntime();
    metrics.put("heap_used_bytes", (double) (runtime.totalMemory() - runtime.freeMemory()));
    cpu.cores().ifPresent(cores -> metrics.put("cpu_cores", cores));
    collectStatus(metrics);
    collectOpenFiles(metrics);
  }

  private void collectStatus(Map<String, Double> metrics) {
    // a process may name itself in bytes that are no UTF-8; every file is Latin-1
    try (Stream<String> lines = Files.lines(proc.resolve("status"), StandardCharsets.ISO_8859_1)) {
      lines.forEach(
          line -> {
            String[] words = line.split("\\s+");
            if (line.startsWith("VmRSS:")) {
              metrics.put("rss_bytes", Double.parseDouble(words[1]) * BYTES_PER_KIB);
            } else if (line.startsWith("Threads:")) {
              metrics.put("threads", Double.parseDouble(words[1]));
            }
          });
    } catch (IOException e) {
      // not on this system: the two are left out
    }
  }

  private void collectOpenFiles(Map<String, Double> metrics) {
    try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
      // the listing itself holds one
      metrics.put("open_fds", (double) open.count() - 1);
    } catch (IOException e) {
      // not on this system: left out
    }
  }
}
