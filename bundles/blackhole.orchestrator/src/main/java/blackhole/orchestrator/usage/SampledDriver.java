package blackhole.orchestrator.usage;

import blackhole.api.process.RunningProcess;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.ProcessUsage;
import blackhole.orchestrator.supervision.InstanceDriver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Tells the sampler of the processes that a driver starts, and of their ends. */
public record SampledDriver(InstanceDriver driver, UsageSampler sampler) implements InstanceDriver {
  /** Of a process that has ended, with what else it left. */
  static final int SAMPLES_SHOWN = 5;

  @Override
  public CompletionStage<RunningProcess> launch(
      InstanceId id, long generation, boolean background) {
    return driver
        .launch(id, generation, background)
        .thenApply(
            process -> {
              sampler.began(id, generation, process.identity());
              return process;
            });
  }

  @Override
  public void adopted(InstanceId id, long generation, RunningProcess process) {
    sampler.began(id, generation, process.identity());
    driver.adopted(id, generation, process);
  }

  @Override
  public boolean drain(InstanceId id, long generation, Duration timeout) {
    return driver.drain(id, generation, timeout);
  }

  @Override
  public CompletionStage<Remains> ended(InstanceId id, long generation) {
    List<ProcessUsage> samples = sampler.ended(id, generation);
    int shown = Math.min(samples.size(), SAMPLES_SHOWN);
    List<ProcessUsage> last = samples.subList(samples.size() - shown, samples.size());
    return driver.ended(id, generation).thenApply(remains -> remains.with(last));
  }

  @Override
  public Setup setup(InstanceId id) {
    return driver.setup(id);
  }
}
