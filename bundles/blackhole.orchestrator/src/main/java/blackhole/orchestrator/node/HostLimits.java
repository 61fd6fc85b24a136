package blackhole.orchestrator.node;

import blackhole.api.process.LimitState;
import blackhole.api.process.LimitState.Kind;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessLimiter;
import blackhole.api.process.ProcessLimits;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceLimit;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ResourceLimits;
import blackhole.orchestrator.config.ResourcePolicy;
import blackhole.orchestrator.config.ServiceConfig;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds hosts to the limits that the configuration gives their services, and tells which of them
 * hold. Thread-safe; reads and writes files of the kernel.
 */
final class HostLimits {
  private static final String NO_PROCESS = "it has no process";
  private static final String NOT_YET = "applies from READY on, so that it does not slow the start";

  private final ProcessLimiter limiter;
  private final String node;
  private final NodeConfig config;

  /** Of hosts that run, or have just ended. */
  private final Map<String, Held> byHostId = new ConcurrentHashMap<>();

  private record Held(InstanceId id, ProcessGroup group) {}

  /**
   * @param node sets the hosts of this home apart from those of others
   */
  HostLimits(ProcessLimiter limiter, String node, NodeConfig config) {
    this.limiter = limiter;
    this.node = node;
    this.config = config;
  }

  /** Removes what is left of a host of an earlier orchestrator. */
  void removeStranded(String hostId) {
    limiter.remove(node, hostId);
  }

  /** Removes what else earlier orchestrators left. */
  void removeEmpty() {
    limiter.removeEmpty(node);
  }

  /** A group for a host that is about to start: with all its limits but that of CPU time. */
  ProcessGroup create(InstanceId id, String hostId) {
    ProcessGroup group = limiter.create(node, hostId, limits(id).withoutCpuQuota());
    byHostId.put(hostId, new Held(id, group));
    return group;
  }

  /** It serves: from now on its CPU time is limited too. */
  void ready(String hostId) {
    Held held = byHostId.get(hostId);
    if (held != null && limits(held.id()).cpuCores().isPresent()) {
      held.group().apply(limits(held.id()));
    }
  }

  /** A host has ended: whether the kernel killed it for its memory, in words. */
  Optional<String> ended(String hostId) {
    Held held = byHostId.remove(hostId);
    return held == null ? Optional.empty() : held.group().outOfMemory();
  }

  /** What is limited of these instances. */
  List<InstanceLimit> of(List<InstanceId> instances) {
    List<InstanceLimit> limits = new ArrayList<>();
    for (InstanceId id : instances) {
      Map<Kind, LimitState> states = states(id);
      values(id)
          .forEach((kind, written) -> limits.add(limit(id, written, states.get(kind), states)));
    }
    return limits;
  }

  /** Empty when it has no process. */
  private Map<Kind, LimitState> states(InstanceId id) {
    Map<Kind, LimitState> states = new EnumMap<>(Kind.class);
    for (Held held : byHostId.values()) {
      if (held.id().equals(id)) {
        held.group().states().forEach(state -> states.put(state.kind(), state));
      }
    }
    return states;
  }

  private static InstanceLimit limit(
      InstanceId id, Written written, @Nullable LimitState state, Map<Kind, LimitState> states) {
    if (state != null && state.enforced()) {
      return new InstanceLimit(
          id, written.key(), written.value(), Optional.of(state.how()), Optional.empty());
    }
    String reason = state != null ? state.reason() : states.isEmpty() ? NO_PROCESS : NOT_YET;
    return new InstanceLimit(
        id, written.key(), written.value(), Optional.empty(), Optional.of(reason));
  }

  /** As an operator wrote it, or would have. */
  private record Written(String key, String value) {}

  private Map<Kind, Written> values(InstanceId id) {
    Map<String, String> shown = EffectiveLimits.of(service(id).limits());
    ResourcePolicy policy = config.policyOf(id.service());
    Map<Kind, Written> values = new EnumMap<>(Kind.class);
    put(values, Kind.MEMORY, "max_memory", shown);
    values.put(
        Kind.SOFT_MEMORY, new Written("max_memory_buffer", percent(policy.maxMemoryBuffer())));
    put(values, Kind.CPU_QUOTA, "max_cpu", shown);
    values.put(
        Kind.CPU_WEIGHT,
        new Written("cpu_priority_boost", Integer.toString(policy.cpuPriorityBoost())));
    put(values, Kind.IO_LEVEL, "io_priority", shown);
    put(values, Kind.OPEN_FILES, "max_file_desc", shown);
    put(values, Kind.THREADS, "max_threads", shown);
    return values;
  }

  private static void put(
      Map<Kind, Written> values, Kind kind, String key, Map<String, String> shown) {
    String value = shown.get(key);
    if (value != null) {
      values.put(kind, new Written(key, value));
    }
  }

  private static String percent(double fraction) {
    double percent = Math.round(fraction * 10_000) / 100.0;
    return (percent == Math.rint(percent) ? Long.toString((long) percent) : "" + percent) + "%";
  }

  private ProcessLimits limits(InstanceId id) {
    ResourceLimits limits = service(id).limits();
    ResourcePolicy policy = config.policyOf(id.service());
    return new ProcessLimits(
        OptionalLong.of(limits.maxMemoryBytes()),
        OptionalLong.of(policy.softMemoryBytes(limits.maxMemoryBytes())),
        limits.maxCpuCores(),
        policy.cpuWeight(),
        OptionalInt.of(limits.ioLevel()),
        limits.maxFileDescriptors(),
        limits.maxThreads());
  }

  private ServiceConfig service(InstanceId id) {
    ServiceConfig service = config.services().get(id.service());
    if (service == null) {
      throw new IllegalArgumentException("there is no service " + id.service());
    }
    return service;
  }
}
