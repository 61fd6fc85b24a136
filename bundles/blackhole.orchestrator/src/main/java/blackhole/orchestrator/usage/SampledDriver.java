package blackhole.orchestrator.usage;

import blackhole.api.process.RunningProcess;
import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.supervision.InstanceDriver;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Tells the sampler of the processes that a driver starts, and of their ends. */
public record SampledDriver(InstanceDriver driver, UsageSampler sampler) implements InstanceDriver {
  @Override
  public CompletionStage<RunningProcess> launch(InstanceId id, long generation) {
    return driver
        .launch(id, generation)
        .thenApply(
            process -> {
              sampler.began(id, generation, process.identity());
              return process;
            });
  }

  @Override
  public boolean drain(InstanceId id, long generation, Duration timeout) {
    return driver.drain(id, generation, timeout);
  }

  @Override
  public CompletionStage<Remains> ended(InstanceId id, long generation) {
    sampler.ended(id, generation);
    return driver.ended(id, generation);
  }

  @Override
  public Setup setup(InstanceId id) {
    return driver.setup(id);
  }
}
