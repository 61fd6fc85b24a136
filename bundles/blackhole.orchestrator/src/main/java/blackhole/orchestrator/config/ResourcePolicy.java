package blackhole.orchestrator.config;

import java.util.List;
import java.util.OptionalDouble;

/** A class of services that share priorities. Buffers and thresholds are fractions, 0 to 1. */
public record ResourcePolicy(
    String name,
    List<String> members,
    double maxMemoryBuffer,
    int cpuPriorityBoost,
    OptionalDouble memoryThreshold,
    OptionalDouble cpuThreshold) {
  /** The class of services that are in no other. */
  public static final String STANDARD = "standard_services";

  public ResourcePolicy {
    members = List.copyOf(members);
  }

  /** Where the kernel begins to reclaim memory from an instance with this limit. */
  public long softMemoryBytes(long maxMemoryBytes) {
    return Math.round(maxMemoryBytes * (1 - maxMemoryBuffer));
  }

  /** The CPU weight of cgroup v2; 100 is the usual one. */
  public int cpuWeight() {
    return 100 + 10 * cpuPriorityBoost;
  }
}
