package blackhole.orchestrator.usage;

import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessSample;
import blackhole.api.process.ProcessSampler;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.JvmUsage;
import blackhole.api.supervision.ProcessUsage;
import blackhole.api.supervision.Samples.Depth;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One process of an instance, and its samples. Thread-safe: guarded by itself, and a look at the
 * system is made under the guard, so that CPU times are compared in their order.
 */
final class SampledProcess {
  /** Regular samples that are kept: ten minutes at the default interval. */
  static final int HISTORY = 60;

  /** Every so many regular samples measure PSS; the first does. */
  static final int PSS_EVERY = 6;

  private final InstanceId id;
  private final long generation;
  private final ProcessIdentity process;
  private final Supplier<OptionalLong> memoryLimitBytes;
  private final ProcessSampler sampler;
  private final Clock clock;

  // guarded by this
  private final Deque<ProcessUsage> history = new ArrayDeque<>();

  /** Between regular samples, whoever else may look. */
  private final CpuMeter regularCpu = new CpuMeter();

  /** Between all looks, so that who looks often sees what happens now. */
  private final CpuMeter anyCpu = new CpuMeter();

  private OptionalLong pssBytes = OptionalLong.empty();
  private long regularSamples;
  private @Nullable JvmUsage jvm;
  private boolean ended;

  SampledProcess(
      InstanceId id,
      long generation,
      ProcessIdentity process,
      Supplier<OptionalLong> memoryLimitBytes,
      ProcessSampler sampler,
      Clock clock) {
    this.id = id;
    this.generation = generation;
    this.process = process;
    this.memoryLimitBytes = memoryLimitBytes;
    this.sampler = sampler;
    this.clock = clock;
  }

  boolean isGeneration(long asked) {
    return generation == asked;
  }

  /** Takes a regular sample; none when the process is gone. */
  synchronized void sample() {
    measure().ifPresent(this::keep);
  }

  private void keep(ProcessSample sample) {
    if (regularSamples++ % PSS_EVERY == 0) {
      measurePss();
    }
    long now = clock.nanoTime();
    anyCpu.look(sample.cpuTime(), now);
    if (history.size() == HISTORY) {
      history.removeFirst();
    }
    history.addLast(usage(sample, regularCpu.look(sample.cpuTime(), now)));
  }

  /** Looks out of turn; empty when the process is gone. */
  synchronized Optional<ProcessUsage> look(Depth depth) {
    Optional<ProcessSample> sample = measure();
    if (sample.isPresent() && depth == Depth.FULL) {
      measurePss();
    }
    return sample.map(seen -> usage(seen, anyCpu.look(seen.cpuTime(), clock.nanoTime())));
  }

  private Optional<ProcessSample> measure() {
    return ended ? Optional.empty() : sampler.sample(process);
  }

  private void measurePss() {
    OptionalLong measured = sampler.pssBytes(process);
    if (measured.isPresent()) {
      pssBytes = measured;
    }
  }

  private ProcessUsage usage(ProcessSample sample, OptionalDouble cores) {
    return new ProcessUsage(
        id,
        process.pid(),
        clock.wallTime(),
        sample.rssBytes(),
        pssBytes,
        memoryLimitBytes.get(),
        cores,
        sample.openFds(),
        sample.threads(),
        sample.cgroup(),
        sample.cpuTime(),
        Optional.ofNullable(jvm));
  }

  synchronized void jvm(JvmUsage said) {
    jvm = said;
  }

  /** What was seen of it stays. */
  synchronized void end() {
    ended = true;
  }

  synchronized Optional<ProcessUsage> newest() {
    return ended ? Optional.empty() : Optional.ofNullable(history.peekLast());
  }

  synchronized List<ProcessUsage> history() {
    return List.copyOf(history);
  }
}
