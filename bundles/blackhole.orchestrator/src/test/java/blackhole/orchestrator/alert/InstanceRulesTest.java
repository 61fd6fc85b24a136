package blackhole.orchestrator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.ProcessUsage;
import blackhole.orchestrator.alert.Reading.Level;
import blackhole.orchestrator.config.AlertConfig;
import blackhole.orchestrator.config.AlertRule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What each rule says of an instance. */
class InstanceRulesTest {
  private static final InstanceId ID = new InstanceId("storage", 1);

  private final InstanceRules rules =
      new InstanceRules(
          AlertConfig.DEFAULT,
          service -> service.equals("ledger") ? OptionalDouble.of(0.5) : OptionalDouble.empty());
  private long seconds;
  private long failures;

  private static InstanceStatus status(InstanceState state, InstanceHealth health) {
    return new InstanceStatus(
        ID,
        state,
        health,
        "its words",
        OptionalLong.of(1),
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.of("was killed (SIGKILL)"),
        Path.of("s"),
        OptionalInt.empty(),
        Optional.empty());
  }

  private InstanceRules.Facts facts(InstanceState state, InstanceHealth health) {
    return new InstanceRules.Facts(
        status(state, health), false, false, failures, Optional.empty(), List.of());
  }

  private InstanceRules.Facts facts(InstanceState state) {
    return facts(state, InstanceHealth.HEALTHY);
  }

  private Reading read(AlertRule rule, InstanceRules.Facts facts) {
    return rules.read(List.of(facts), seconds * 1_000_000_000).stream()
        .filter(reading -> reading.key().rule() == rule)
        .findFirst()
        .orElseThrow();
  }

  private Level level(AlertRule rule, InstanceRules.Facts facts) {
    return read(rule, facts).level();
  }

  @Test
  void oneThatWasGivenUpIsAnAlertUntilItServesOrIsStopped() {
    Reading failed = read(AlertRule.FAILED, facts(InstanceState.FAILED));
    assertThat(failed.level()).isEqualTo(Level.BAD);
    assertThat(failed.message()).isEqualTo("storage-1 was given up");
    assertThat(failed.reason()).isEqualTo("its words");
    assertThat(failed.key().subject()).isEqualTo("storage-1");
    assertThat(level(AlertRule.FAILED, facts(InstanceState.STARTING))).isEqualTo(Level.HELD);
    assertThat(level(AlertRule.FAILED, facts(InstanceState.BACKOFF))).isEqualTo(Level.HELD);
    assertThat(level(AlertRule.FAILED, facts(InstanceState.READY))).isEqualTo(Level.GOOD);
    assertThat(level(AlertRule.FAILED, facts(InstanceState.STOPPED))).isEqualTo(Level.GOOD);
  }

  private Level crash(long moreSeconds) {
    seconds += moreSeconds;
    failures++;
    return level(AlertRule.CRASH_LOOP, facts(InstanceState.BACKOFF));
  }

  @Test
  void threeEndsWithinTheHourAreACrashLoop() {
    assertThat(level(AlertRule.CRASH_LOOP, facts(InstanceState.READY))).isEqualTo(Level.GOOD);
    assertThat(crash(1)).isEqualTo(Level.GOOD);
    assertThat(crash(1)).isEqualTo(Level.BETWEEN);
    assertThat(crash(1)).isEqualTo(Level.BAD);
    assertThat(read(AlertRule.CRASH_LOOP, facts(InstanceState.READY)).reason())
        .isEqualTo("it ended 3 times within 1h, the last time: was killed (SIGKILL)");
    seconds += 3600;
    assertThat(level(AlertRule.CRASH_LOOP, facts(InstanceState.READY))).isEqualTo(Level.GOOD);
  }

  /** What stays within its budget of restarts for ever is noticed all the same. */
  @Test
  void aCrashEachTimeThatTheBudgetIsFreeAgainIsALoop() {
    crash(0);
    crash(601);
    for (int i = 0; i < 20; i++) {
      assertThat(crash(601)).isEqualTo(Level.BAD);
    }
  }

  @Test
  void aCrashLoopIsQuietWhenSomebodyHasStoppedIt() {
    crash(1);
    crash(1);
    crash(1);
    assertThat(level(AlertRule.CRASH_LOOP, facts(InstanceState.FAILED))).isEqualTo(Level.HELD);
    assertThat(level(AlertRule.CRASH_LOOP, facts(InstanceState.STOPPED))).isEqualTo(Level.GOOD);
    assertThat(level(AlertRule.CRASH_LOOP, facts(InstanceState.READY))).isEqualTo(Level.GOOD);
  }

  @Test
  void aCrashLoopOutlivesTheOrchestrator() {
    rules.restore(new Reading.Key(AlertRule.CRASH_LOOP, Optional.of("storage"), "storage-1"), 0);
    assertThat(level(AlertRule.CRASH_LOOP, facts(InstanceState.READY))).isEqualTo(Level.BAD);
    seconds += 3600;
    assertThat(level(AlertRule.CRASH_LOOP, facts(InstanceState.READY))).isEqualTo(Level.GOOD);
  }

  @Test
  void healthCountsWhileNobodyMovesIt() {
    for (InstanceHealth bad : List.of(InstanceHealth.UNHEALTHY, InstanceHealth.UNREACHABLE)) {
      assertThat(level(AlertRule.UNHEALTHY, facts(InstanceState.READY, bad))).isEqualTo(Level.BAD);
      assertThat(level(AlertRule.UNHEALTHY, facts(InstanceState.DRAINING, bad)))
          .isEqualTo(Level.HELD);
      assertThat(level(AlertRule.UNHEALTHY, facts(InstanceState.STOPPED, bad)))
          .isEqualTo(Level.GOOD);
      assertThat(
              level(
                  AlertRule.UNHEALTHY,
                  new InstanceRules.Facts(
                      status(InstanceState.READY, bad),
                      true,
                      true,
                      0,
                      Optional.empty(),
                      List.of())))
          .as("while it is updated")
          .isEqualTo(Level.HELD);
    }
    assertThat(level(AlertRule.UNHEALTHY, facts(InstanceState.READY, InstanceHealth.DEGRADED)))
        .isEqualTo(Level.GOOD);
  }

  @Test
  void flappingAndPressureAreWhatOthersHaveFound() {
    InstanceRules.Facts bad =
        new InstanceRules.Facts(
            status(InstanceState.READY, InstanceHealth.DEGRADED),
            true,
            false,
            0,
            Optional.empty(),
            List.of("CPU pressure: 1 of 1 cores"));
    assertThat(level(AlertRule.FLAPPING, bad)).isEqualTo(Level.BAD);
    assertThat(level(AlertRule.UNDER_PRESSURE, bad)).isEqualTo(Level.BAD);
    assertThat(read(AlertRule.UNDER_PRESSURE, bad).reason()).contains("1 of 1 cores");
    assertThat(level(AlertRule.FLAPPING, facts(InstanceState.READY))).isEqualTo(Level.GOOD);
    assertThat(level(AlertRule.UNDER_PRESSURE, facts(InstanceState.READY))).isEqualTo(Level.GOOD);
  }

  private static Level memory(InstanceRules rules, long rssMb) {
    ProcessUsage usage =
        new ProcessUsage(
            ID,
            1,
            Instant.EPOCH,
            rssMb << 20,
            OptionalLong.empty(),
            OptionalLong.of(1000L << 20),
            OptionalDouble.empty(),
            1,
            1,
            Optional.empty(),
            Duration.ZERO,
            Optional.empty());
    return rules
        .read(
            List.of(
                new InstanceRules.Facts(
                    status(InstanceState.READY, InstanceHealth.HEALTHY),
                    false,
                    false,
                    0,
                    Optional.of(usage),
                    List.of())),
            0)
        .stream()
        .filter(reading -> reading.key().rule() == AlertRule.MEMORY_NEAR_LIMIT)
        .findFirst()
        .orElseThrow()
        .level();
  }

  @Test
  void memoryHasRoomBetweenItsBeginningAndItsEnd() {
    assertThat(memory(rules, 899)).isEqualTo(Level.BETWEEN);
    assertThat(memory(rules, 900)).isEqualTo(Level.BAD);
    assertThat(memory(rules, 850)).isEqualTo(Level.BETWEEN);
    assertThat(memory(rules, 849)).isEqualTo(Level.GOOD);
    InstanceRules ofClass =
        new InstanceRules(AlertConfig.DEFAULT, service -> OptionalDouble.of(0.5));
    assertThat(memory(ofClass, 500)).isEqualTo(Level.BAD);
    assertThat(level(AlertRule.MEMORY_NEAR_LIMIT, facts(InstanceState.READY)))
        .as("without a sample")
        .isEqualTo(Level.HELD);
  }
}
