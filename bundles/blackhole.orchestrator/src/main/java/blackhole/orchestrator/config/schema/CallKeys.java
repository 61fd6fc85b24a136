package blackhole.orchestrator.config.schema;

import java.time.Duration;

/** {@code grpc:} and {@code circuit_breaker:} of a service: how others call it. */
public final class CallKeys {
  public static final Key<Long> MAX_MESSAGE_SIZE =
      Key.of(
          "services.*.grpc.max_message_size",
          new SizeType(Types.KB, 2047 * Types.MB, ""),
          "10MB",
          "larger messages are refused");

  public static final Key<Duration> TIMEOUT =
      Key.of(
          "services.*.grpc.timeout",
          Types.positiveDuration(),
          "30s",
          "the deadline of unary calls that bring none");

  public static final Key<Integer> MAX_RETRIES =
      Key.of(
          "services.*.grpc.max_retries",
          new IntegerType(0, 100),
          "3",
          "three more attempts after the first, where the method allows it");

  public static final Key<Integer> MAX_CONCURRENT_CALLS =
      Key.of(
          "services.*.grpc.max_concurrent_calls",
          new IntegerType(1, 1_000_000),
          "1024",
          "of one process, at most 1024 unary calls are in flight to the service");

  public static final Key<Integer> RATE_LIMIT =
      Key.withoutDefault(
          "services.*.grpc.rate_limit",
          new IntegerType(1, 1_000_000_000),
          "no rate limit (the unit is calls a second and instance)");

  public static final Key<Duration> RETRY_INITIAL_DELAY =
      Key.of(
          "services.*.grpc.retry.initial_delay",
          Types.positiveDuration(),
          "100ms",
          "the first retry waits about 100 ms");

  public static final Key<Duration> RETRY_MAX_DELAY =
      Key.of(
          "services.*.grpc.retry.max_delay",
          Types.positiveDuration(),
          "5s",
          "no retry waits longer than five seconds");

  public static final Key<Double> RETRY_MULTIPLIER =
      Key.of(
          "services.*.grpc.retry.multiplier",
          Types.FACTOR,
          "2.0",
          "each further retry waits twice as long");

  public static final Key<Integer> FAILURE_THRESHOLD =
      Key.of(
          "services.*.circuit_breaker.failure_threshold",
          new IntegerType(1, 100_000),
          "5",
          "opens when 5 of the last 10 calls failed");

  public static final Key<Integer> SUCCESS_THRESHOLD =
      Key.of(
          "services.*.circuit_breaker.success_threshold",
          new IntegerType(1, 100_000),
          "2",
          "closes after two successful calls");

  public static final Key<Duration> HALF_OPEN_TIMEOUT =
      Key.of(
          "services.*.circuit_breaker.half_open_timeout",
          Types.positiveDuration(),
          "30s",
          "tries again half a minute after it opened");

  private CallKeys() {}
}
