package blackhole.orchestrator.pressure;

import blackhole.api.process.CgroupCounters;
import blackhole.api.process.MachineMemory;
import blackhole.api.supervision.JvmUsage;
import blackhole.api.supervision.ProcessUsage;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Reads samples for how near they are to limits. What a sample does not tell is no reading: it
 * neither begins nor ends a signal.
 */
final class Readings {
  /** A JVM that compiles uses all the CPU time it gets, for a while: no reason to do anything. */
  static final int CPU_SAMPLES = 3;

  /** Without another kill for so long, it is over. */
  static final Duration QUIET = Duration.ofMinutes(10);

  private static final double MEMORY_ROOM = 0.05;
  private static final double CPU_ROOM = 0.1;

  private static final Band THROTTLED = new Band(0.5, 0.25, CPU_SAMPLES);
  private static final Band KILLED = new Band(1, 1, 1);
  private static final Band MACHINE = new Band(0.95, 0.9, 1);

  private Readings() {}

  static Optional<Reading> memory(ProcessUsage usage, Thresholds thresholds) {
    OptionalLong limit = usage.memoryLimitBytes();
    return limit.isEmpty() || thresholds.memory().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Reading(
                SignalKind.MEMORY,
                (double) usage.rssBytes() / limit.getAsLong(),
                memoryBand(thresholds),
                Facts.memory(usage.rssBytes(), limit.getAsLong())
                    + of("memory_threshold", thresholds.memory())));
  }

  static Optional<Reading> heap(ProcessUsage usage, Thresholds thresholds) {
    Optional<JvmUsage> jvm = usage.jvm();
    if (jvm.isEmpty()
        || jvm.get().heapAfterGcBytes().isEmpty()
        || jvm.get().heapMaxBytes() <= 0
        || thresholds.memory().isEmpty()) {
      return Optional.empty();
    }
    long left = jvm.get().heapAfterGcBytes().getAsLong();
    long max = jvm.get().heapMaxBytes();
    return Optional.of(
        new Reading(
            SignalKind.HEAP,
            (double) left / max,
            memoryBand(thresholds),
            Facts.memory(left, max)
                + " after a collection"
                + of("memory_threshold", thresholds.memory())));
  }

  private static Band memoryBand(Thresholds thresholds) {
    double begin = thresholds.memory().orElseThrow();
    return new Band(begin, begin - MEMORY_ROOM, 1);
  }

  static Optional<Reading> cpu(ProcessUsage usage, Thresholds thresholds, int machineCores) {
    if (usage.cpuCores().isEmpty() || thresholds.cpu().isEmpty()) {
      return Optional.empty();
    }
    double used = usage.cpuCores().getAsDouble();
    double limit = thresholds.maxCpuCores().orElse(machineCores);
    double begin = thresholds.cpu().getAsDouble();
    return Optional.of(
        new Reading(
            SignalKind.CPU,
            used / limit,
            new Band(begin, begin - CPU_ROOM, CPU_SAMPLES),
            Facts.cores(used, limit) + of("cpu_threshold", thresholds.cpu())));
  }

  /**
   * Only for those who have a quota, and want to hear of CPU time.
   *
   * @param before the counters of the sample before
   * @param elapsedNanos since then
   */
  static Optional<Reading> throttled(
      CgroupCounters before, CgroupCounters now, long elapsedNanos, Thresholds thresholds) {
    if (before.throttledPeriods().isEmpty()
        || now.throttledPeriods().isEmpty()
        || elapsedNanos <= 0
        || thresholds.cpu().isEmpty()
        || thresholds.maxCpuCores().isEmpty()) {
      return Optional.empty();
    }
    long periods = now.throttledPeriods().getAsLong() - before.throttledPeriods().getAsLong();
    double periodNanos = thresholds.cpuPeriod().toNanos();
    double ratio = Math.min(1, Math.max(0, periods) * periodNanos / elapsedNanos);
    return Optional.of(
        new Reading(
            SignalKind.THROTTLED,
            ratio,
            THROTTLED,
            "in "
                + Facts.percent(ratio)
                + " of the periods of "
                + thresholds.cpuPeriod().toMillis()
                + " ms"));
  }

  /**
   * @param kills since the start of the process
   * @param sinceLastNanos since the last of them was seen
   */
  static Reading killed(long kills, long sinceLastNanos) {
    return new Reading(
        SignalKind.KILLED_FOR_MEMORY,
        kills > 0 && sinceLastNanos < QUIET.toNanos() ? 1 : 0,
        KILLED,
        kills + (kills == 1 ? " process" : " processes") + " of its cgroup");
  }

  static Reading machine(MachineMemory memory) {
    long used = memory.totalBytes() - memory.availableBytes();
    return new Reading(
        SignalKind.MACHINE_MEMORY,
        (double) used / memory.totalBytes(),
        MACHINE,
        Facts.memory(used, memory.totalBytes()) + " in use");
  }

  private static String of(String key, OptionalDouble threshold) {
    return ", " + key + " " + Facts.percent(threshold.orElseThrow());
  }
}
