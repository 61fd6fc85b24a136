package blackhole.orchestrator.config;

import java.time.Duration;

/** Between how many instances a service moves, and why. Thresholds are fractions, 0 to 1. */
public record ScalingPolicy(
    int minInstances,
    int maxInstances,
    double cpuScaleThreshold,
    double memScaleThreshold,
    Duration scaleUpCooldown,
    Duration scaleDownCooldown) {}
