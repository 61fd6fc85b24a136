package blackhole.orchestrator.usage;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * How many cores a process has used between two looks at it. The kernel counts CPU time in steps of
 * 10 ms, so looks that follow each other closely share an answer. Not thread-safe.
 */
final class CpuMeter {
  private static final long SHORTEST_NANOS = Duration.ofMillis(500).toNanos();
  private static final double THOUSANDTHS = 1000;

  private boolean begun;
  private long lastNanos;
  private long lastCpuNanos;
  private OptionalDouble cores = OptionalDouble.empty();

  /**
   * Empty at the first look.
   *
   * @param cpuTime since the start of the process
   * @param nowNanos monotonic
   */
  OptionalDouble look(Duration cpuTime, long nowNanos) {
    long cpuNanos = cpuTime.toNanos();
    long elapsed = nowNanos - lastNanos;
    if (begun && elapsed < SHORTEST_NANOS) {
      return cores;
    }
    if (begun) {
      double used = Math.max(0, cpuNanos - lastCpuNanos) / (double) elapsed;
      cores = OptionalDouble.of(Math.round(used * THOUSANDTHS) / THOUSANDTHS);
    }
    begun = true;
    lastNanos = nowNanos;
    lastCpuNanos = cpuNanos;
    return cores;
  }
}
