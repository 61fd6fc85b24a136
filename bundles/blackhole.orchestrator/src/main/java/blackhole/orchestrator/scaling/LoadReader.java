package blackhole.orchestrator.scaling;

import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.JvmUsage;
import blackhole.api.supervision.ProcessUsage;
import blackhole.api.supervision.Samples;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what instances use from the regular samples, each of them once. For one thread. */
final class LoadReader {
  private final Samples samples;
  private final Map<InstanceId, Instant> read = new HashMap<>();

  LoadReader(Samples samples) {
    this.samples = samples;
  }

  /**
   * @param cpuCores what the instance may use
   */
  Reading read(InstanceStatus status, double cpuCores) {
    boolean ready = status.state() == InstanceState.READY;
    return new Reading(
        status.id().toString(),
        ready ? status.pid() : OptionalLong.empty(),
        status.state(),
        ready ? load(status, cpuCores) : Optional.empty());
  }

  /** What a process that does not answer said of itself last is old. */
  private Optional<Load> load(InstanceStatus status, double cpuCores) {
    Optional<ProcessUsage> fresh = samples.newest(status.id()).filter(this::isFresh);
    return status.health() == InstanceHealth.UNREACHABLE
        ? Optional.empty()
        : fresh.flatMap(usage -> load(usage, cpuCores));
  }

  private boolean isFresh(ProcessUsage usage) {
    return !usage.sampledAt().equals(read.put(usage.id(), usage.sampledAt()));
  }

  static Optional<Load> load(ProcessUsage usage, double cpuCores) {
    Optional<JvmUsage> jvm = usage.jvm().filter(said -> said.heapMaxBytes() > 0);
    if (usage.cpuCores().isEmpty() || jvm.isEmpty()) {
      return Optional.empty();
    }
    double cpu = usage.cpuCores().getAsDouble() / cpuCores;
    double max = jvm.get().heapMaxBytes();
    double used = jvm.get().heapUsedBytes() / max;
    OptionalLong afterGc = jvm.get().heapAfterGcBytes();
    // what is in use now is never less than what is needed, so an old collection does not count on
    return Optional.of(
        afterGc.isPresent()
            ? new Load(cpu, Math.min(used, afterGc.getAsLong() / max))
            : new Load(cpu, 0, used));
  }
}
