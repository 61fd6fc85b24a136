package blackhole.orchestrator.config.schema;

import java.time.Duration;

/** {@code restart_policy:} of a service. */
public final class RestartKeys {
  public static final Key<Integer> MAX_RESTARTS =
      Key.of(
          "services.*.restart_policy.max_restarts",
          new IntegerType(0, 1_000_000),
          "5",
          "FAILED when a sixth restart would be needed within `window`");

  public static final Key<Duration> RESTART_DELAY =
      Key.of(
          "services.*.restart_policy.restart_delay",
          Types.positiveDuration(),
          "1s",
          "the first restart is at once, the second waits a second");

  public static final Key<Double> BACKOFF_FACTOR =
      Key.of(
          "services.*.restart_policy.backoff_factor",
          Types.FACTOR,
          "2.0",
          "each further wait is twice as long");

  public static final Key<Duration> MAX_BACKOFF =
      Key.of(
          "services.*.restart_policy.max_backoff",
          Types.positiveDuration(),
          "30s",
          "no wait is longer than half a minute");

  public static final Key<Double> JITTER =
      Key.of(
          "services.*.restart_policy.jitter",
          Types.FRACTION,
          "0.2",
          "each wait is up to a fifth shorter or longer");

  public static final Key<Duration> WINDOW =
      Key.of(
          "services.*.restart_policy.window",
          Types.durationFrom(Duration.ofSeconds(1)),
          "10m",
          "restarts of the last ten minutes count");

  private RestartKeys() {}
}
