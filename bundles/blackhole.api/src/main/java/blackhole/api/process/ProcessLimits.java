package blackhole.api.process;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a process and all it starts may use. What is empty is not limited.
 *
 * @param memoryBytes of all kinds; beyond it the kernel kills
 * @param softMemoryBytes beyond it the kernel takes memory back first
 * @param cpuCores as a share of time: 0.5 is half of one core
 * @param cpuPeriod in which that share is counted; what is left of a period is lost
 * @param cpuWeight against others when there is not enough for all; 100 is usual, 200 twice that
 * @param background whether it gets only what the others leave, whatever its weight
 * @param ioLevel of best effort, 0 (first) to 7
 * @param openFiles file descriptors of each process
 * @param threads of all processes together
 */
public record ProcessLimits(
    OptionalLong memoryBytes,
    OptionalLong softMemoryBytes,
    OptionalDouble cpuCores,
    Duration cpuPeriod,
    int cpuWeight,
    boolean background,
    OptionalInt ioLevel,
    OptionalInt openFiles,
    OptionalInt threads) {
  public static final int USUAL_CPU_WEIGHT = 100;

  /** Long enough that threads are not switched for it all the time, short against a timeout. */
  public static final Duration USUAL_CPU_PERIOD = Duration.ofMillis(100);

  /** Limits nothing. */
  public static final ProcessLimits NONE =
      new ProcessLimits(
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalDouble.empty(),
          USUAL_CPU_WEIGHT,
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty());

  /** With the usual period, beside the others. */
  public ProcessLimits(
      OptionalLong memoryBytes,
      OptionalLong softMemoryBytes,
      OptionalDouble cpuCores,
      int cpuWeight,
      OptionalInt ioLevel,
      OptionalInt openFiles,
      OptionalInt threads) {
    this(
        memoryBytes,
        softMemoryBytes,
        cpuCores,
        USUAL_CPU_PERIOD,
        cpuWeight,
        false,
        ioLevel,
        openFiles,
        threads);
  }

  /** The same, without a limit of threads. */
  public ProcessLimits(
      OptionalLong memoryBytes,
      OptionalLong softMemoryBytes,
      OptionalDouble cpuCores,
      int cpuWeight,
      OptionalInt ioLevel,
      OptionalInt openFiles) {
    this(
        memoryBytes, softMemoryBytes, cpuCores, cpuWeight, ioLevel, openFiles, OptionalInt.empty());
  }

  /** The same, with a weight and a level of input and output of its own. */
  public ProcessLimits withPriority(int weight, int level) {
    return new ProcessLimits(
        memoryBytes,
        softMemoryBytes,
        cpuCores,
        cpuPeriod,
        weight,
        background,
        OptionalInt.of(level),
        openFiles,
        threads);
  }

  /** The same, with as much CPU time as there is. */
  public ProcessLimits withoutCpuQuota() {
    return new ProcessLimits(
        memoryBytes,
        softMemoryBytes,
        OptionalDouble.empty(),
        cpuPeriod,
        cpuWeight,
        background,
        ioLevel,
        openFiles,
        threads);
  }

  /** The same, with a period of its own. */
  public ProcessLimits withCpuPeriod(Duration period) {
    return new ProcessLimits(
        memoryBytes,
        softMemoryBytes,
        cpuCores,
        period,
        cpuWeight,
        background,
        ioLevel,
        openFiles,
        threads);
  }

  /** The same, with only the CPU time that the others leave. */
  public ProcessLimits inBackground() {
    return new ProcessLimits(
        memoryBytes,
        softMemoryBytes,
        cpuCores,
        cpuPeriod,
        cpuWeight,
        true,
        ioLevel,
        openFiles,
        threads);
  }
}
