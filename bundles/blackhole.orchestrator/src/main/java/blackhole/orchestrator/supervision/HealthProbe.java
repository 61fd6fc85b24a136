package blackhole.orchestrator.supervision;

import blackhole.api.service.HealthResult;
import blackhole.api.supervision.InstanceId;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Asks hosts how they are. */
@FunctionalInterface
public interface HealthProbe {
  /**
   * Asks one; must not block. Any answer in words of health is an answer; completing exceptionally,
   * or not within the timeout, means that it does not answer.
   */
  CompletionStage<HealthResult> check(InstanceId id, Duration timeout);
}
