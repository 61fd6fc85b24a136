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

  /** A tenth of the usual. */
  private static final int BACKGROUND_WEIGHT = 10;

  private static final int LAST_IO_LEVEL = 7;

  private final ProcessLimiter limiter;
  private final String node;
  private final NodeConfig config;

  /** Of hosts that run, or have just ended. */
  private final Map<String, Held> byHostId = new ConcurrentHashMap<>();

  /** Without a service; their instance is one that they resemble. */
  private final Map<String, Held> spares = new ConcurrentHashMap<>();

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

  /**
   * A group for a spare, with the limits that a service would have but that of CPU time. Until it
   * is warm it comes after all others, where that can be taken back: a nice value cannot, without
   * special rights.
   *
   * @param model the service whose limits it waits under
   */
  ProcessGroup createSpare(String model, String hostId) {
    Held held = new Held(new InstanceId(model, 1), limiter.create(node, hostId, waiting(model)));
    if (priorityIsOfItsGroup(held.group())) {
      held.group().apply(waiting(model).withPriority(BACKGROUND_WEIGHT, LAST_IO_LEVEL));
    }
    spares.put(hostId, held);
    return held.group();
  }

  private ProcessLimits waiting(String model) {
    return limits(new InstanceId(model, 1)).withoutCpuQuota();
  }

  private static boolean priorityIsOfItsGroup(ProcessGroup group) {
    @Nullable LimitState weight = enforced(group).get(Kind.CPU_WEIGHT);
    return weight != null && !weight.how().startsWith("nice");
  }

  private static Map<Kind, LimitState> enforced(ProcessGroup group) {
    Map<Kind, LimitState> enforced = new EnumMap<>(Kind.class);
    group.states().stream()
        .filter(LimitState::enforced)
        .forEach(state -> enforced.put(state.kind(), state));
    return enforced;
  }

  /** A spare is warm: it may run as fast as its model. */
  void warmed(String hostId) {
    Held spare = spares.get(hostId);
    if (spare != null) {
      spare.group().apply(waiting(spare.id().service()));
    }
  }

  /**
   * An instance takes a spare: its limits become the instance's, but that of CPU time.
   *
   * @return which limit held the spare and does not hold the instance, and why; then the spare
   *     stays one, and is of no use
   */
  Optional<String> adopt(InstanceId id, String hostId) {
    Held spare = spares.get(hostId);
    if (spare == null) {
      return Optional.of("the spare has ended");
    }
    Map<Kind, LimitState> before = enforced(spare.group());
    spare.group().apply(limits(id).withoutCpuQuota());
    Optional<String> lost =
        spare.group().states().stream()
            .filter(state -> !state.enforced() && before.containsKey(state.kind()))
            // as a nice value goes only as far as there are rights, and no further for others
            .filter(state -> state.kind() != Kind.CPU_WEIGHT)
            .map(state -> keyed(id, state))
            .findFirst();
    if (lost.isEmpty()) {
      spares.remove(hostId);
      byHostId.put(hostId, new Held(id, spare.group()));
    }
    return lost;
  }

  private String keyed(InstanceId id, LimitState state) {
    Written written = values(id).get(state.kind());
    String key = written == null ? state.kind().toString() : written.key();
    return key + " cannot follow: " + state.reason();
  }

  /** A spare has ended without a service. */
  void spareEnded(String hostId) {
    spares.remove(hostId);
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
