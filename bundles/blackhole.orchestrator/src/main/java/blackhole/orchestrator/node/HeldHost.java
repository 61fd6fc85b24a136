package blackhole.orchestrator.node;

import blackhole.api.process.LimitState;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessLimits;
import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.config.JvmFlags;
import blackhole.orchestrator.config.ResourceLimits;
import blackhole.orchestrator.config.ResourcePolicy;
import blackhole.orchestrator.config.schema.Durations;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A host that is held to limits, which may change while it runs. Thread-safe: guarded by itself, so
 * that of two changes the later one stays; reads and writes files of the kernel under the guard.
 */
final class HeldHost {
  /** Of its CPU weight, while others are to have CPU time first. */
  private static final int LOWERED_TO_A = 4;

  private final InstanceId id;
  private final ProcessGroup group;

  /** What its JVM's heap was made for, for good. */
  private final long startedBytes;

  private volatile boolean ready;
  private boolean behind;
  private boolean background;

  HeldHost(InstanceId id, ProcessGroup group, long startedBytes) {
    this(id, group, startedBytes, false);
  }

  /**
   * @param background whether it gets only the CPU time that others leave, until it is READY
   */
  HeldHost(InstanceId id, ProcessGroup group, long startedBytes, boolean background) {
    this.id = id;
    this.group = group;
    this.startedBytes = startedBytes;
    this.background = background;
  }

  InstanceId id() {
    return id;
  }

  ProcessGroup group() {
    return group;
  }

  /** Until it is READY, others have CPU time first; does nothing where that can't be taken back. */
  synchronized void startBehind(ResourceLimits limits, ResourcePolicy policy, boolean lowered) {
    if (canBeRaised(group)) {
      behind = true;
      apply(limits, policy, lowered);
    }
  }

  /** From now on its CPU time is limited too, and it comes after nobody. */
  synchronized void ready(ResourceLimits limits, ResourcePolicy policy, boolean lowered) {
    boolean held = limits.maxCpuCores().isPresent() || behind || background;
    ready = true;
    behind = false;
    background = false;
    if (held) {
      apply(limits, policy, lowered);
    }
  }

  /** It has been behind all others for long enough. */
  synchronized void toForeground(ResourceLimits limits, ResourcePolicy policy, boolean lowered) {
    if (background) {
      background = false;
      apply(limits, policy, lowered);
    }
  }

  boolean isReady() {
    return ready;
  }

  /**
   * Whether a group's CPU weight can be lowered for a while. A nice value needs rights for that.
   */
  static boolean canBeRaised(ProcessGroup group) {
    return group.states().stream()
        .anyMatch(
            state ->
                state.kind() == LimitState.Kind.CPU_WEIGHT
                    && state.enforced()
                    && !state.how().startsWith("nice"));
  }

  /**
   * Why its CPU weight is not the configured one; empty when it is.
   *
   * @param other for whose sake it is lowered
   */
  synchronized Optional<String> weightNote(Optional<InstanceId> other) {
    if (background) {
      return Optional.of("it starts behind the others, as it ended again and again");
    }
    return other
        .map(id -> "lowered to a quarter while " + id + " is short of CPU time")
        .or(
            () ->
                behind ? Optional.of("lowered to a quarter until it is READY") : Optional.empty());
  }

  /** In what time its CPU quota is counted, where that is not the usual one. */
  static Optional<String> quotaNote(ResourceLimits limits) {
    return limits.cpuPeriod().equals(ResourceLimits.USUAL_CPU_PERIOD)
        ? Optional.empty()
        : Optional.of("in periods of " + Durations.format(limits.cpuPeriod()));
  }

  /** Holds it to these limits, as far as its JVM allows. */
  synchronized void apply(ResourceLimits limits, ResourcePolicy policy, boolean lowered) {
    ProcessLimits wanted = limits(limits, memoryBytes(limits), policy, lowered || behind);
    ProcessLimits now = ready ? wanted : wanted.withoutCpuQuota();
    group.apply(background ? now.inBackground() : now);
  }

  List<LimitState> states() {
    return group.states();
  }

  /** A limit below what the heap was made for would end in a kill, so that one stays. */
  long memoryBytes(ResourceLimits limits) {
    return fits(limits) ? limits.maxMemoryBytes() : Math.max(limits.maxMemoryBytes(), startedBytes);
  }

  /** Why less memory than this can't be had from it; empty when it can. */
  Optional<String> memoryProblem(ResourceLimits limits) {
    return limits.maxMemoryBytes() < startedBytes && !fits(limits)
        ? Optional.of(
            "its heap was made for " + started() + ", which stays until 'restart " + id + "'")
        : Optional.empty();
  }

  /** What more memory than it was started with does not change. */
  Optional<String> memoryNote(ResourceLimits limits) {
    return limits.maxMemoryBytes() > startedBytes && !fits(limits)
        ? Optional.of("its heap is still that of " + started() + ", until 'restart " + id + "'")
        : Optional.empty();
  }

  private String started() {
    return (startedBytes >> 20) + "MB";
  }

  /** Would a JVM that starts now get the same heap? */
  private boolean fits(ResourceLimits limits) {
    return JvmFlags.of(limits.maxMemoryBytes()).equals(JvmFlags.of(startedBytes));
  }

  static ProcessLimits limits(
      ResourceLimits limits, long memoryBytes, ResourcePolicy policy, boolean lowered) {
    int weight = policy.cpuWeight();
    return new ProcessLimits(
        OptionalLong.of(memoryBytes),
        OptionalLong.of(policy.softMemoryBytes(memoryBytes)),
        limits.maxCpuCores(),
        limits.cpuPeriod(),
        lowered ? Math.max(1, weight / LOWERED_TO_A) : weight,
        false,
        OptionalInt.of(limits.ioLevel()),
        limits.maxFileDescriptors(),
        limits.maxThreads());
  }
}
