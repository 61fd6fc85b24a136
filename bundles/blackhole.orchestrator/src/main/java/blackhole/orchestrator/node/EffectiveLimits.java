package blackhole.orchestrator.node;

import blackhole.orchestrator.config.ResourceLimits;
import java.util.LinkedHashMap;
import java.util.Map;

/** Limits as an operator wrote or would write them. */
final class EffectiveLimits {
  private EffectiveLimits() {}

  /** By name, in the order of the documentation; what is not limited is left out. */
  static Map<String, String> of(ResourceLimits limits) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("max_memory", (limits.maxMemoryBytes() >> 20) + "MB");
    limits.maxCpuCores().ifPresent(cores -> shown.put("max_cpu", Double.toString(cores)));
    shown.put("io_priority", Integer.toString(limits.ioPriority()));
    limits
        .maxFileDescriptors()
        .ifPresent(count -> shown.put("max_file_desc", Integer.toString(count)));
    limits.maxThreads().ifPresent(count -> shown.put("max_threads", Integer.toString(count)));
    return shown;
  }
}
