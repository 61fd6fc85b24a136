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
    OptionalDouble cpuThreshold) {}
