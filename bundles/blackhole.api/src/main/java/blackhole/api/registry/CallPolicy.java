package blackhole.api.registry;

import java.time.Duration;

/**
 * How a service is called, as its configuration says. Every caller of it keeps to the same.
 *
 * @param timeout the deadline of unary calls that bring none
 * @param maxRetries after the first attempt, for methods that may be repeated
 * @param retryInitialDelay before the first retry; gRPC spreads every delay by ±20 %
 * @param maxMessageSizeBytes of a message in either direction
 * @param maxConcurrentCalls unary calls in flight from one process; more are refused at once
 * @param failureThreshold of the last {@code 2 × failureThreshold} calls, this many failures open
 *     the circuit breaker
 * @param successThreshold probes that must succeed before it closes again
 * @param halfOpenTimeout how long it stays open before it lets probes through
 */
public record CallPolicy(
    Duration timeout,
    int maxRetries,
    Duration retryInitialDelay,
    Duration retryMaxDelay,
    double retryMultiplier,
    int maxMessageSizeBytes,
    int maxConcurrentCalls,
    int failureThreshold,
    int successThreshold,
    Duration halfOpenTimeout,
    RemoteFallback remoteFallback) {
  /** What a configuration that says nothing comes to. */
  public static final CallPolicy DEFAULT =
      new CallPolicy(
          Duration.ofSeconds(30),
          3,
          Duration.ofMillis(100),
          Duration.ofSeconds(5),
          2.0,
          10 << 20,
          1024,
          5,
          2,
          Duration.ofSeconds(30),
          RemoteFallback.NEVER);

  /** The same with another default deadline. */
  public CallPolicy withTimeout(Duration other) {
    return new CallPolicy(
        other,
        maxRetries,
        retryInitialDelay,
        retryMaxDelay,
        retryMultiplier,
        maxMessageSizeBytes,
        maxConcurrentCalls,
        failureThreshold,
        successThreshold,
        halfOpenTimeout,
        remoteFallback);
  }

  /** The same with another number of retries; 0 for none. */
  public CallPolicy withMaxRetries(int other) {
    return new CallPolicy(
        timeout,
        other,
        retryInitialDelay,
        retryMaxDelay,
        retryMultiplier,
        maxMessageSizeBytes,
        maxConcurrentCalls,
        failureThreshold,
        successThreshold,
        halfOpenTimeout,
        remoteFallback);
  }

  /** The same with another way to other nodes. */
  public CallPolicy withRemoteFallback(RemoteFallback other) {
    return new CallPolicy(
        timeout,
        maxRetries,
        retryInitialDelay,
        retryMaxDelay,
        retryMultiplier,
        maxMessageSizeBytes,
        maxConcurrentCalls,
        failureThreshold,
        successThreshold,
        halfOpenTimeout,
        other);
  }
}
