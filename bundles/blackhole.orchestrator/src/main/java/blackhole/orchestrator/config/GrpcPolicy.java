package blackhole.orchestrator.config;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How a service is called.
 *
 * @param timeout the default deadline of unary calls
 * @param maxRetries after the first attempt
 * @param maxConcurrentCalls unary calls in flight from one process
 * @param rateLimit calls started per second and instance; empty for no limit
 */
public record GrpcPolicy(
    int maxMessageSizeBytes,
    Duration timeout,
    int maxRetries,
    int maxConcurrentCalls,
    OptionalInt rateLimit,
    Duration retryInitialDelay,
    Duration retryMaxDelay,
    double retryMultiplier) {
  /** The same for those who call; what the server itself minds is another's. */
  GrpcPolicy withServerOf(GrpcPolicy other) {
    return new GrpcPolicy(
        other.maxMessageSizeBytes,
        timeout,
        maxRetries,
        maxConcurrentCalls,
        other.rateLimit,
        retryInitialDelay,
        retryMaxDelay,
        retryMultiplier);
  }
}
