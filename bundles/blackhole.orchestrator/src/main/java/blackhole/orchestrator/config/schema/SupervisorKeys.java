package blackhole.orchestrator.config.schema;

import blackhole.orchestrator.config.SupervisorConfig.OrchestratorLoss;
import java.time.Duration;
import java.util.List;

/** {@code supervisor:}, how hosts are minded. */
public final class SupervisorKeys {
  public static final Key<Duration> START_TIMEOUT =
      Key.of(
          "supervisor.start_timeout",
          Types.durationFrom(Duration.ofSeconds(1)),
          "30s",
          "a host that is not READY half a minute after its spawn is ended");

  public static final Key<Duration> HEALTH_CHECK_INTERVAL =
      Key.of(
          "supervisor.health_check_interval",
          Types.durationFrom(Duration.ofMillis(100)),
          "10s",
          "health is asked every ten seconds");

  public static final Key<Duration> HEALTH_CHECK_TIMEOUT =
      Key.of(
          "supervisor.health_check_timeout",
          Types.durationFrom(Duration.ofMillis(10)),
          "5s",
          "an answer later than five seconds is none");

  public static final Key<Integer> LIVENESS_FAILURES =
      Key.of(
          "supervisor.liveness_failures",
          new IntegerType(1, 1000),
          "3",
          "three missing answers in a row end a host");

  public static final Key<Duration> STABLE_AFTER =
      Key.of(
          "supervisor.stable_after",
          Types.positiveDuration(),
          "60s",
          "a run of a minute clears the restart count");

  public static final Key<Duration> STALE_PROCESS_TIMEOUT =
      Key.of(
          "supervisor.stale_process_timeout",
          Types.durationFrom(Duration.ofSeconds(1)),
          "60s",
          "a host without an orchestrator for a minute drains and exits");

  public static final Key<OrchestratorLoss> ON_ORCHESTRATOR_LOSS =
      Key.of(
          "supervisor.on_orchestrator_loss",
          ChoiceType.of(OrchestratorLoss.ADOPT, OrchestratorLoss.STOP),
          "adopt",
          "hosts serve on and are adopted by the next orchestrator");

  public static final Key<Duration> GRACEFUL_SHUTDOWN_TIMEOUT =
      Key.of(
          "supervisor.graceful_shutdown_timeout",
          Types.durationFrom(Duration.ZERO),
          "30s",
          "calls in flight have half a minute to finish on stop");

  public static final Key<Duration> SAMPLE_INTERVAL =
      Key.of(
          "supervisor.sample_interval",
          Types.durationFrom(Duration.ofMillis(100)),
          "10s",
          "memory and CPU are read every ten seconds");

  public static final Key<Integer> WARM_SPARES =
      Key.of(
          "supervisor.warm_spares",
          new IntegerType(0, 100),
          "1",
          "one host waits, ready to take over a service");

  public static final Key<Duration> UPDATE_OBSERVATION =
      Key.of(
          "supervisor.update_observation",
          Types.durationFrom(Duration.ZERO),
          "5s",
          "an updated instance has to be healthy for five seconds, or the old version comes back");

  public static final Key<Integer> VERSIONS_KEPT =
      Key.of(
          "supervisor.versions_kept",
          new IntegerType(2, 1000),
          "10",
          "the last ten versions of a service's bundle are kept, to go back to");

  static final List<Key<?>> ALL =
      List.of(
          START_TIMEOUT,
          HEALTH_CHECK_INTERVAL,
          HEALTH_CHECK_TIMEOUT,
          LIVENESS_FAILURES,
          STABLE_AFTER,
          STALE_PROCESS_TIMEOUT,
          ON_ORCHESTRATOR_LOSS,
          GRACEFUL_SHUTDOWN_TIMEOUT,
          SAMPLE_INTERVAL,
          WARM_SPARES,
          UPDATE_OBSERVATION,
          VERSIONS_KEPT);

  private SupervisorKeys() {}
}
