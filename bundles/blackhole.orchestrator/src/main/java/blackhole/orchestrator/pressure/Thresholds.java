package blackhole.orchestrator.pressure;

import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ResourceLimits;
import blackhole.orchestrator.config.ResourcePolicy;
import blackhole.orchestrator.config.ServiceConfig;
import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What a service's class says of pressure.
 *
 * @param memory a fraction; empty where nobody wants to hear of it
 * @param cpu as {@code memory}
 * @param maxCpuCores empty for all that the machine has
 * @param cpuPeriod in which that is counted
 * @param rank who has less gives way to who has more
 */
public record Thresholds(
    OptionalDouble memory,
    OptionalDouble cpu,
    OptionalDouble maxCpuCores,
    Duration cpuPeriod,
    int rank) {
  public static Thresholds of(NodeConfig config, String service) {
    ResourcePolicy policy = config.policyOf(service);
    ServiceConfig configured = config.services().get(service);
    return new Thresholds(
        policy.memoryThreshold(),
        policy.cpuThreshold(),
        configured == null ? OptionalDouble.empty() : configured.limits().maxCpuCores(),
        configured == null ? ResourceLimits.USUAL_CPU_PERIOD : configured.limits().cpuPeriod(),
        policy.cpuPriorityBoost());
  }
}
