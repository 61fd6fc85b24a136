package blackhole.orchestrator.usage;

import blackhole.api.process.MachineMemory;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessSample;
import blackhole.api.process.ProcessSampler;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Processes and a clock that a test moves. */
final class FakeSystem implements ProcessSampler, Clock {
  private static final Instant BEGIN = Instant.parse("2026-03-04T05:06:07Z");

  /** What the processes use; one that is not here is gone. */
  final Map<ProcessIdentity, ProcessSample> processes = new HashMap<>();

  /** How often PSS was asked for. */
  int pssLooks;

  private Duration now = Duration.ZERO;

  void run(ProcessIdentity process, Duration cpuTime) {
    processes.put(process, new ProcessSample(1000, cpuTime, 10, 20, Optional.empty()));
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  @Override
  public Optional<ProcessSample> sample(ProcessIdentity process) {
    return Optional.ofNullable(processes.get(process));
  }

  @Override
  public OptionalLong pssBytes(ProcessIdentity process) {
    pssLooks++;
    return processes.containsKey(process) ? OptionalLong.of(pssLooks) : OptionalLong.empty();
  }

  @Override
  public Optional<MachineMemory> machineMemory() {
    return Optional.empty();
  }

  @Override
  public long nanoTime() {
    return now.toNanos();
  }

  @Override
  public Instant wallTime() {
    return BEGIN.plus(now);
  }
}
