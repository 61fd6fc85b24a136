package blackhole.orchestrator.node;

import blackhole.api.process.LimitState;
import blackhole.api.process.LimitState.Kind;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessIdentity;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
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
  private final Supplier<NodeConfig> config;

  /** Of hosts that run, or have just ended. */
  private final Map<String, HeldHost> byHostId = new ConcurrentHashMap<>();

  /** Whose CPU weight is lowered, and for whose sake. */
  private volatile Map<InstanceId, InstanceId> lowered = Map.of();

  /**
   * @param node sets the hosts of this home apart from those of others
   * @param config as it is now; after a change, {@link #reapply}
   */
  HostLimits(ProcessLimiter limiter, String node, Supplier<NodeConfig> config) {
    this.limiter = limiter;
    this.node = node;
    this.config = config;
  }

  /** Removes what is left of a host of an earlier orchestrator. */
  void removeStranded(String hostId) {
    limiter.remove(node, hostId);
  }

  /**
   * Removes what else earlier orchestrators left.
   *
   * @param known host ids of those that may live
   */
  void removeEmpty(Set<String> known) {
    limiter.removeEmpty(node, known);
  }

  /**
   * A host of an earlier orchestrator is an instance's from now on. Its limits are written anew, so
   * that it is seen which of them hold.
   *
   * @param startedBytes what its JVM was sized for
   */
  ProcessGroup takeOver(InstanceId id, String hostId, ProcessIdentity process, long startedBytes) {
    ProcessGroup group =
        limiter.create(
            node,
            hostId,
            new ProcessLimits(
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                policy(id).cpuWeight(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                limits(id).maxThreads()));
    // before the others are set: they are the process's own, not the group's
    group.started(process);
    HeldHost held = new HeldHost(id, group, startedBytes);
    byHostId.put(hostId, held);
    apply(held);
    return group;
  }

  /**
   * A group for a host that is about to start: with all its limits but that of CPU time. Where
   * others of its service serve, these come first until it is READY.
   *
   * @param limits what its JVM is sized for
   * @param background whether it gets only the CPU time that others leave, until it is READY
   */
  ProcessGroup create(InstanceId id, String hostId, ResourceLimits limits, boolean background) {
    NodeConfig before = config.get();
    boolean gives = lowered.containsKey(id);
    ProcessLimits first =
        HeldHost.limits(limits, limits.maxMemoryBytes(), policy(id), gives).withoutCpuQuota();
    ProcessGroup group = limiter.create(node, hostId, background ? first.inBackground() : first);
    HeldHost held = new HeldHost(id, group, limits.maxMemoryBytes(), background);
    if (another(id)) {
      held.startBehind(limits, policy(id), gives);
    }
    byHostId.put(hostId, held);
    if (config.get() != before || lowered.containsKey(id) != gives) {
      // changed meanwhile, by somebody who did not see it yet
      apply(held);
    }
    return group;
  }

  /** Whether another instance of its service serves. */
  private boolean another(InstanceId id) {
    return byHostId.values().stream()
        .filter(held -> held.id().service().equals(id.service()) && !held.id().equals(id))
        .anyMatch(HeldHost::isReady);
  }

  /**
   * A host that was a spare is an instance's from now on, with limits that were written already.
   *
   * @param limits as written
   * @param policy as written
   */
  void adopted(String hostId, HeldHost host, ResourceLimits limits, ResourcePolicy policy) {
    byHostId.put(hostId, host);
    InstanceId id = host.id();
    if (!limits(id).equals(limits) || !policy(id).equals(policy) || lowered.containsKey(id)) {
      // changed meanwhile, by somebody who did not see it yet; or its instance gives way
      apply(host);
    }
  }

  /** It serves: from now on its CPU time is limited too. */
  void ready(String hostId) {
    HeldHost held = byHostId.get(hostId);
    if (held != null) {
      held.ready(limits(held.id()), policy(held.id()), lowered.containsKey(held.id()));
    }
  }

  /** One that starts in the background has done so for long enough. Nothing for any other. */
  void toForeground(String hostId) {
    HeldHost held = byHostId.get(hostId);
    if (held != null && config.get().services().containsKey(held.id().service())) {
      held.toForeground(limits(held.id()), policy(held.id()), lowered.containsKey(held.id()));
    }
  }

  /** The configuration has changed. */
  void reapply() {
    byHostId.values().forEach(this::apply);
  }

  /**
   * Lowers the CPU weight of these instances, and gives all others back what they had.
   *
   * @param whom each with the one for whose sake it is
   */
  void lower(Map<InstanceId, InstanceId> whom) {
    Map<InstanceId, InstanceId> before = lowered;
    lowered = Map.copyOf(whom);
    Set<InstanceId> changed = new HashSet<>(before.keySet());
    changed.addAll(whom.keySet());
    changed.removeIf(id -> before.containsKey(id) == whom.containsKey(id));
    byHostId.values().stream().filter(held -> changed.contains(held.id())).forEach(this::apply);
  }

  private void apply(HeldHost held) {
    if (!config.get().services().containsKey(held.id().service())) {
      return; // it is ending: its service is gone
    }
    held.apply(limits(held.id()), policy(held.id()), lowered.containsKey(held.id()));
  }

  /** A host has ended: whether the kernel killed it for its memory, in words. */
  Optional<String> ended(String hostId) {
    HeldHost held = byHostId.remove(hostId);
    return held == null ? Optional.empty() : held.group().outOfMemory();
  }

  /** What an instance's process may use now; empty for one of no service that is configured. */
  OptionalLong memoryBytes(InstanceId id) {
    ServiceConfig service = config.get().services().get(id.service());
    if (service == null) {
      return OptionalLong.empty();
    }
    ResourceLimits limits = service.limits();
    return OptionalLong.of(
        held(id).map(held -> held.memoryBytes(limits)).orElse(limits.maxMemoryBytes()));
  }

  private Optional<HeldHost> held(InstanceId id) {
    return byHostId.values().stream().filter(held -> held.id().equals(id)).findFirst();
  }

  /** What is limited of these instances. */
  List<InstanceLimit> of(List<InstanceId> instances) {
    List<InstanceLimit> limits = new ArrayList<>();
    for (InstanceId id : instances) {
      if (!config.get().services().containsKey(id.service())) {
        continue; // it has gone meanwhile
      }
      Map<Kind, LimitState> states = states(id);
      LimitValues.of(limits(id), policy(id))
          .forEach((kind, written) -> limits.add(limit(id, written, states.get(kind), states)));
    }
    return limits;
  }

  /**
   * Empty when it has no process. Also holds what was limited once, and cannot be freed of it while
   * it runs.
   */
  Map<Kind, LimitState> states(InstanceId id) {
    Map<Kind, LimitState> states = new EnumMap<>(Kind.class);
    for (HeldHost held : byHostId.values()) {
      if (held.id().equals(id)) {
        held.states().forEach(state -> states.put(state.kind(), explained(held, state)));
      }
    }
    return states;
  }

  /** With what the kernel does not know of it. */
  private LimitState explained(HeldHost held, LimitState state) {
    if (!state.enforced()) {
      return state;
    }
    Optional<String> note = Optional.empty();
    if (state.kind() == Kind.MEMORY) {
      Optional<String> problem = held.memoryProblem(limits(held.id()));
      if (problem.isPresent()) {
        return LimitState.notEnforced(Kind.MEMORY, problem.get());
      }
      note = held.memoryNote(limits(held.id()));
    } else if (state.kind() == Kind.CPU_WEIGHT) {
      note = held.weightNote(Optional.ofNullable(lowered.get(held.id())));
    } else if (state.kind() == Kind.CPU_QUOTA) {
      note = HeldHost.quotaNote(limits(held.id()));
    }
    return note.map(words -> LimitState.enforced(state.kind(), state.how() + "; " + words))
        .orElse(state);
  }

  private static InstanceLimit limit(
      InstanceId id,
      LimitValues.Written written,
      @Nullable LimitState state,
      Map<Kind, LimitState> states) {
    if (state != null && state.enforced()) {
      return new InstanceLimit(
          id, written.key(), written.value(), Optional.of(state.how()), Optional.empty());
    }
    String reason = state != null ? state.reason() : states.isEmpty() ? NO_PROCESS : NOT_YET;
    return new InstanceLimit(
        id, written.key(), written.value(), Optional.empty(), Optional.of(reason));
  }

  private ResourcePolicy policy(InstanceId id) {
    return config.get().policyOf(id.service());
  }

  private ResourceLimits limits(InstanceId id) {
    ServiceConfig service = config.get().services().get(id.service());
    if (service == null) {
      throw new IllegalArgumentException("there is no service " + id.service());
    }
    return service.limits();
  }
}
