package blackhole.orchestrator.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.orchestrator.config.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartBudgetTest {
  private static final Duration STABLE = Duration.ofSeconds(60);
  private static final double MIDDLE = 0.5;

  /** Somewhere before zero: monotonic time starts anywhere. */
  private long now = -Duration.ofHours(1).toNanos();

  private RestartHistory history = RestartHistory.EMPTY;

  @Test
  void theFirstExitRestartsAtOnceAndTheNextOnesWaitLongerUpToTheCap() {
    RestartPolicy policy = policy(100, 1, 2, 5, 0);
    assertThat(delays(policy, 6)).containsExactly(0L, 1000L, 2000L, 4000L, 5000L, 5000L);
  }

  @Test
  void afterAStableRunItBeginsAnew() {
    RestartPolicy policy = policy(100, 1, 2, 5, 0);
    delays(policy, 4);
    assertThat(delay(policy, STABLE)).isZero();
    assertThat(delay(policy, Duration.ZERO)).isEqualTo(1000);
    assertThat(delay(policy, STABLE.minusNanos(1))).isEqualTo(2000);
  }

  @Test
  void moreThanTheBudgetWithinTheWindowIsTheEnd() {
    RestartPolicy policy = policy(3, 1, 2, 5, 0);
    delays(policy, 3);
    assertThat(decide(policy, Duration.ZERO, MIDDLE))
        .isInstanceOfSatisfying(
            RestartDecision.GiveUp.class,
            giveUp ->
                assertThat(giveUp.reason())
                    .isEqualTo(
                        "restarted 3 times within 10 min, which is as often as max_restarts"
                            + " allows"));
  }

  @Test
  void whatIsOlderThanTheWindowDoesNotCount() {
    RestartPolicy policy = policy(3, 1, 2, 5, 0);
    delays(policy, 3);
    now += Duration.ofMinutes(10).toNanos();
    assertThat(decide(policy, Duration.ZERO, MIDDLE)).isInstanceOf(RestartDecision.GiveUp.class);
    now += 1;
    assertThat(decide(policy, Duration.ZERO, MIDDLE)).isInstanceOf(RestartDecision.Restart.class);
  }

  @Test
  void aStableRunClearsTheBudget() {
    RestartPolicy policy = policy(3, 1, 2, 5, 0);
    delays(policy, 3);
    assertThat(decide(policy, STABLE, MIDDLE)).isInstanceOf(RestartDecision.Restart.class);
  }

  @Test
  void withoutABudgetTheFirstExitIsTheEnd() {
    assertThat(decide(policy(0, 1, 2, 5, 0), STABLE, MIDDLE))
        .isInstanceOfSatisfying(
            RestartDecision.GiveUp.class,
            giveUp -> assertThat(giveUp.reason()).contains("max_restarts is 0"));
  }

  @ParameterizedTest
  @CsvSource({"0.0, 800", "0.5, 1000", "1.0, 1200"})
  void jitterGoesBothWays(double random, long millis) {
    RestartPolicy policy = policy(100, 1, 2, 5, 0.2);
    delay(policy, Duration.ZERO);
    assertThat(millis(decide(policy, Duration.ZERO, random))).isEqualTo(millis);
  }

  @ParameterizedTest
  @CsvSource({"0.0, 4000", "0.5, 5000", "1.0, 6000"})
  void jitterIsThereAtTheCapToo(double random, long millis) {
    RestartPolicy policy = policy(100, 1, 2, 5, 0.2);
    delays(policy, 50);
    assertThat(millis(decide(policy, Duration.ZERO, random))).isEqualTo(millis);
  }

  @Test
  void aDelayOutOfAllNumbersIsTheCap() {
    RestartPolicy policy = policy(5000, 1, 10, 5, 0);
    List<Long> delays = delays(policy, 2000);
    assertThat(delays.get(1999)).isEqualTo(5000);
  }

  @Test
  void aFactorOfOneKeepsTheDelay() {
    assertThat(delays(policy(100, 1, 1, 5, 0), 4)).containsExactly(0L, 1000L, 1000L, 1000L);
  }

  @Test
  void aCrashNowAndThenForEverIsNoticedAFewTimes() {
    RestartPolicy policy = policy(5, 1, 2, 5, 0);
    List<Integer> noticedAt = new ArrayList<>();
    for (int crash = 1; crash <= 500; crash++) {
      RestartDecision decision = decide(policy, STABLE, MIDDLE);
      assertThat(decision).isInstanceOf(RestartDecision.Restart.class);
      if (decision.warning().isPresent()) {
        noticedAt.add(crash);
        assertThat(decision.warning().get()).contains(crash + " times within 24 h");
      }
      now += Duration.ofSeconds(61).toNanos();
    }
    assertThat(noticedAt).containsExactly(10, 20, 40, 80, 160, 320);
  }

  @Test
  void aCrashADayIsNobodysConcern() {
    for (int crash = 0; crash < 100; crash++) {
      assertThat(decide(policy(5, 1, 2, 5, 0), STABLE, MIDDLE).warning())
          .isEqualTo(Optional.empty());
      now += Duration.ofHours(25).toNanos();
    }
    assertThat(history.day()).as("what is kept of the past").hasSize(1);
  }

  private static RestartPolicy policy(
      int max, int delaySeconds, double factor, int capSeconds, double jitter) {
    return new RestartPolicy(
        max,
        Duration.ofSeconds(delaySeconds),
        factor,
        Duration.ofSeconds(capSeconds),
        jitter,
        Duration.ofMinutes(10));
  }

  private List<Long> delays(RestartPolicy policy, int crashes) {
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < crashes; i++) {
      delays.add(delay(policy, Duration.ZERO));
    }
    return delays;
  }

  private long delay(RestartPolicy policy, Duration ran) {
    return millis(decide(policy, ran, MIDDLE));
  }

  private RestartDecision decide(RestartPolicy policy, Duration ran, double random) {
    RestartDecision decision = RestartBudget.decide(policy, history, ran, STABLE, now, random);
    history = decision.history();
    return decision;
  }

  private static long millis(RestartDecision decision) {
    return ((RestartDecision.Restart) decision).delay().toMillis();
  }
}
