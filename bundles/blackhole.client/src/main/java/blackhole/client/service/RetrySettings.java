package blackhole.client.service;

import blackhole.api.registry.CallPolicy;
import java.time.Duration;

/** The part of a policy that gRPC's service config holds, and so a connection of its own. */
record RetrySettings(int maxRetries, Duration initialDelay, Duration maxDelay, double multiplier) {
  static RetrySettings of(CallPolicy policy) {
    return new RetrySettings(
        policy.maxRetries(),
        policy.retryInitialDelay(),
        policy.retryMaxDelay(),
        policy.retryMultiplier());
  }
}
