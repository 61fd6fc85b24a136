package blackhole.orchestrator.node;

import blackhole.api.process.LimitState;
import blackhole.api.process.LimitState.Kind;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessLimiter;
import blackhole.api.process.ProcessLimits;
import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ResourceLimits;
import blackhole.orchestrator.config.ResourcePolicy;
import blackhole.orchestrator.config.ServiceConfig;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits of spares, from their start until an instance takes them. Thread-safe; reads and
 * writes files of the kernel.
 */
final class SpareLimits {
  /** A tenth of the usual. */
  private static final int BACKGROUND_WEIGHT = 10;

  private static final int LAST_IO_LEVEL = 7;

  private final ProcessLimiter limiter;
  private final String node;
  private final Supplier<NodeConfig> config;
  private final HostLimits hosts;

  private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();

  /**
   * @param model the service that it was made for, as that was then: so is its JVM
   */
  private record Waiting(ServiceConfig model, ProcessGroup group) {}

  /**
   * @param node sets the hosts of this home apart from those of others
   * @param config as it is now
   * @param hosts those of instances
   */
  SpareLimits(ProcessLimiter limiter, String node, Supplier<NodeConfig> config, HostLimits hosts) {
    this.limiter = limiter;
    this.node = node;
    this.config = config;
    this.hosts = hosts;
  }

  /**
   * A group for a spare, with the limits that a service would have but that of CPU time. Until it
   * is warm it comes after all others, where that can be taken back: a nice value cannot, without
   * special rights.
   */
  ProcessGroup create(ServiceConfig model, String hostId) {
    ProcessLimits limits = limits(model);
    ProcessGroup group = limiter.create(node, hostId, limits);
    if (HeldHost.canBeRaised(group)) {
      group.apply(limits.withPriority(BACKGROUND_WEIGHT, LAST_IO_LEVEL));
    }
    waiting.put(hostId, new Waiting(model, group));
    return group;
  }

  private ProcessLimits limits(ServiceConfig model) {
    ResourceLimits limits = model.limits();
    ResourcePolicy policy = config.get().policyOf(model.name());
    return HeldHost.limits(limits, limits.maxMemoryBytes(), policy, false).withoutCpuQuota();
  }

  private static Map<Kind, LimitState> enforced(ProcessGroup group) {
    Map<Kind, LimitState> enforced = new EnumMap<>(Kind.class);
    group.states().stream()
        .filter(LimitState::enforced)
        .forEach(state -> enforced.put(state.kind(), state));
    return enforced;
  }

  /** It may run as fast as its model from now on. */
  void warmed(String hostId) {
    Waiting spare = waiting.get(hostId);
    if (spare != null) {
      spare.group().apply(limits(spare.model()));
    }
  }

  /**
   * An instance takes a spare: its limits become the instance's, but that of CPU time.
   *
   * @return which limit held the spare and does not hold the instance, and why; then the spare
   *     stays one, and is of no use
   */
  Optional<String> adopt(InstanceId id, ServiceConfig service, String hostId) {
    Waiting spare = waiting.get(hostId);
    if (spare == null) {
      return Optional.of("the spare has ended");
    }
    ProcessGroup group = spare.group();
    Map<Kind, LimitState> before = enforced(group);
    HeldHost host = new HeldHost(id, group, spare.model().limits().maxMemoryBytes());
    ResourcePolicy policy = config.get().policyOf(service.name());
    host.apply(service.limits(), policy, false);
    Optional<String> lost =
        group.states().stream()
            .filter(state -> !state.enforced() && before.containsKey(state.kind()))
            // as a nice value goes only as far as there are rights, and no further for others
            .filter(state -> state.kind() != Kind.CPU_WEIGHT)
            .map(state -> words(service, state))
            .findFirst();
    if (lost.isEmpty()) {
      waiting.remove(hostId);
      hosts.adopted(hostId, host, service.limits(), policy);
    }
    return lost;
  }

  private String words(ServiceConfig service, LimitState state) {
    LimitValues.@Nullable Written written =
        LimitValues.of(service.limits(), config.get().policyOf(service.name())).get(state.kind());
    String key = written == null ? LimitValues.key(state.kind()) : written.key();
    return key + " cannot follow: " + state.reason();
  }

  /** It has ended without a service. */
  void ended(String hostId) {
    waiting.remove(hostId);
  }
}
