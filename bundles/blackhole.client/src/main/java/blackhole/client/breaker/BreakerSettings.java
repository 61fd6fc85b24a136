package blackhole.client.breaker;

import blackhole.api.registry.CallPolicy;
import java.time.Duration;

/**
 * @param failureThreshold of the last {@code 2 × failureThreshold} calls, this many failures open
 *     it
 * @param successThreshold probes that are let through, and must all succeed, before it closes
 * @param halfOpenTimeout how long it stays open before it lets probes through
 */
public record BreakerSettings(
    int failureThreshold, int successThreshold, Duration halfOpenTimeout) {
  public static BreakerSettings of(CallPolicy policy) {
    return new BreakerSettings(
        policy.failureThreshold(), policy.successThreshold(), policy.halfOpenTimeout());
  }
}
