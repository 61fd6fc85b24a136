package blackhole.orchestrator.node;

import blackhole.api.service.HealthResult;
import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.supervision.HealthProbe;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Tells of each answer to a health check, whatever it says.
 *
 * @param answered called on any thread; must not block
 */
record NotedProbe(HealthProbe probe, Consumer<InstanceId> answered) implements HealthProbe {
  @Override
  public CompletionStage<HealthResult> check(InstanceId id, Duration timeout) {
    return probe
        .check(id, timeout)
        .whenComplete(
            (result, problem) -> {
              if (problem == null) {
                answered.accept(id);
              }
            });
  }
}
