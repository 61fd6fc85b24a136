package blackhole.orchestrator.usage;

import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessSampler;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.JvmUsage;
import blackhole.api.supervision.ProcessUsage;
import blackhole.api.supervision.Samples;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Samples the processes of this node's instances, and joins what the system says of them with what
 * their JVMs say. It measures only processes that it was told of, by number and start time, so none
 * that has taken over a number is ever mistaken for a host. Thread-safe.
 */
public final class UsageSampler implements Samples {
  private static final Logger LOG = System.getLogger(UsageSampler.class.getName());

  private final ProcessSampler sampler;
  private final Function<InstanceId, OptionalLong> memoryLimits;
  private final Clock clock;
  private final Map<InstanceId, SampledProcess> processes = new ConcurrentSkipListMap<>();
  private final AtomicBoolean sampling = new AtomicBoolean();

  /**
   * @param memoryLimits bytes that the process of an instance may use; asked at each look
   */
  public UsageSampler(ProcessSampler sampler, Function<InstanceId, OptionalLong> memoryLimits) {
    this(sampler, memoryLimits, Clock.SYSTEM);
  }

  UsageSampler(
      ProcessSampler sampler, Function<InstanceId, OptionalLong> memoryLimits, Clock clock) {
    this.sampler = sampler;
    this.memoryLimits = memoryLimits;
    this.clock = clock;
  }

  /** An instance has a new process; what was seen of the one before is forgotten. */
  public void began(InstanceId id, long generation, ProcessIdentity process) {
    processes.put(
        id,
        new SampledProcess(id, generation, process, () -> memoryLimits.apply(id), sampler, clock));
  }

  /**
   * A process has ended: it is not looked at any more, but its history stays.
   *
   * @return its regular samples, oldest first
   */
  public List<ProcessUsage> ended(InstanceId id, long generation) {
    Optional<SampledProcess> process = present(id, generation);
    process.ifPresent(SampledProcess::end);
    return process.map(SampledProcess::history).orElse(List.of());
  }

  /** What the JVM of an instance's process says of itself. */
  public void reported(InstanceId id, long generation, JvmUsage jvm) {
    present(id, generation).ifPresent(process -> process.jvm(jvm));
  }

  private Optional<SampledProcess> present(InstanceId id, long generation) {
    return Optional.ofNullable(processes.get(id))
        .filter(process -> process.isGeneration(generation));
  }

  /**
   * Takes a regular sample of every process; does nothing while another thread still does. Reads
   * files: not for a thread that must not wait.
   */
  public void sampleAll() {
    // the kernel may keep a reader waiting for a process whose memory it works on
    if (!sampling.compareAndSet(false, true)) {
      return;
    }
    try {
      sampleEach();
    } finally {
      sampling.set(false);
    }
  }

  private void sampleEach() {
    for (Map.Entry<InstanceId, SampledProcess> each : processes.entrySet()) {
      try {
        each.getValue().sample();
      } catch (RuntimeException e) {
        // what comes of it must not keep the others, and the later ones, from being sampled
        LOG.log(Level.ERROR, "cannot sample " + each.getKey(), e);
      }
    }
  }

  @Override
  public List<ProcessUsage> look(Depth depth) {
    return processes.values().stream()
        .map(process -> process.look(depth))
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public Optional<ProcessUsage> newest(InstanceId id) {
    return Optional.ofNullable(processes.get(id)).flatMap(SampledProcess::newest);
  }

  @Override
  public List<ProcessUsage> history(InstanceId id) {
    SampledProcess process = processes.get(id);
    return process == null ? List.of() : process.history();
  }
}
