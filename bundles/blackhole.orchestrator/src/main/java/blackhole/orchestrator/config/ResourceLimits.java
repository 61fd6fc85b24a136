package blackhole.orchestrator.config;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What one instance may use.
 *
 * @param maxMemoryBytes of the whole process, heap and all
 * @param maxCpuCores empty for no limit
 * @param cpuPeriod in which that is counted
 * @param ioPriority −20 to 19, as nice values
 * @param maxFileDescriptors empty for the node's own
 * @param maxThreads empty for no limit
 */
public record ResourceLimits(
    long maxMemoryBytes,
    OptionalDouble maxCpuCores,
    Duration cpuPeriod,
    int ioPriority,
    OptionalInt maxFileDescriptors,
    OptionalInt maxThreads) {
  public static final Duration USUAL_CPU_PERIOD = Duration.ofMillis(100);

  /** With the usual period, and without a limit of threads. */
  public ResourceLimits(
      long maxMemoryBytes,
      OptionalDouble maxCpuCores,
      int ioPriority,
      OptionalInt maxFileDescriptors) {
    this(
        maxMemoryBytes,
        maxCpuCores,
        USUAL_CPU_PERIOD,
        ioPriority,
        maxFileDescriptors,
        OptionalInt.empty());
  }

  /** The best-effort level of ioprio_set(2), 0 (first) to 7, as the kernel maps nice values. */
  public int ioLevel() {
    return (ioPriority + 20) / 5;
  }
}
