package blackhole.orchestrator.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.InstanceState;
import blackhole.orchestrator.config.ScalingPolicy;
import blackhole.orchestrator.scaling.Simulation.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scaler makes of load curves, in simulated time: a round every ten seconds. */
class ScalerTest {
  /** When a service that was started at 0 is judged by what it uses. */
  private static final double WARM = 30;

  /** Rounds in a row, and the one in which a change begins. */
  private static final double REACTION = 40;

  private final Simulation simulation = new Simulation();

  @Test
  void anIdleServiceStaysAsItIs() {
    simulation.until(3600);
    assertThat(simulation.steps).isEmpty();
    assertThat(simulation.verdicts).allMatch(verdict -> !verdict.isStep());
  }

  @Test
  void aStepOfLoadIsAnsweredInBoundedTime() {
    simulation.cpu = at -> at < 100 ? 0.1 : 0.95;
    simulation.until(1000);
    assertThat(simulation.steps).hasSize(1);
    assertThat(simulation.steps.get(0).to()).isEqualTo(2);
    assertThat(simulation.steps.get(0).seconds()).isBetween(100.0, 100 + REACTION);
  }

  @Test
  void eachFurtherStepWaitsForTheCooldown() {
    simulation.cpu = at -> 5;
    simulation.until(1000);
    assertThat(simulation.steps).extracting(Step::to).containsExactly(2, 3);
    double apart = simulation.steps.get(1).seconds() - simulation.steps.get(0).seconds();
    assertThat(apart).isBetween(30.0, 30 + REACTION);
    assertThat(simulation.verdicts.get(simulation.verdicts.size() - 1).kind())
        .isEqualTo(Verdict.Kind.AT_MAX);
  }

  @Test
  void aRampIsFollowedUpAndDown() {
    simulation.cpu = at -> Math.max(0.1, 2.2 - Math.abs(at - 2000) / 800);
    simulation.until(6000);
    assertThat(simulation.steps).extracting(Step::to).containsExactly(2, 3, 2, 1);
  }

  @Test
  void goingDownTakesTheWholeCooldownEachTime() {
    simulation.cpu = at -> at < 300 ? 5 : 0.1;
    simulation.until(3000);
    assertThat(simulation.steps).extracting(Step::to).containsExactly(2, 3, 2, 1);
    double first = simulation.steps.get(2).seconds();
    double second = simulation.steps.get(3).seconds();
    assertThat(first).isBetween(600.0, 600 + REACTION);
    assertThat(second - first).isBetween(300.0, 300 + REACTION);
  }

  /** In seconds, each half of it high and half of it low. */
  @ParameterizedTest
  @ValueSource(ints = {20, 30, 40})
  void anOscillationShorterThanTheWindowChangesNothing(int period) {
    simulation.cpu = at -> at % period < period / 2.0 ? 1 : 0.1;
    simulation.until(3600);
    assertThat(simulation.steps).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 200, 400, 590})
  void aLoadThatComesBackWithinTheCooldownDoesNotFlap(int period) {
    simulation.cpu = at -> at % period < period / 2.0 ? 1 : 0.1;
    simulation.until(36_000);
    assertThat(simulation.steps).extracting(Step::to).containsExactly(2);
  }

  @Test
  void aLoadThatComesBackLaterIsFollowedOnceEachTime() {
    simulation.cpu = at -> at % 2000 < 1000 ? 1.2 : 0.1;
    simulation.until(10_000);
    assertThat(simulation.steps).extracting(Step::to).containsExactly(2, 1, 2, 1, 2, 1, 2, 1, 2, 1);
  }

  @Test
  void aSawtoothAroundTheThresholdLeadsToOneStepAtMost() {
    simulation.cpu = at -> 0.7 + (at % 60) / 60 * 0.25;
    simulation.until(36_000);
    assertThat(simulation.steps).hasSizeLessThanOrEqualTo(1);
  }

  /** Two instances may have just under half of the threshold each: then one would have it all. */
  @Test
  void aStepDownDoesNotLeadUpAgain() {
    simulation.cpu = at -> at < 200 ? 1.2 : 0.79;
    simulation.until(36_000);
    assertThat(simulation.steps).extracting(Step::to).containsExactly(2, 1);
  }

  @Test
  void betweenTheThresholdAndItsHalfNothingHappens() {
    simulation.cpu = at -> at < 200 ? 1.2 : 0.9;
    simulation.until(36_000);
    assertThat(simulation.steps).extracting(Step::to).containsExactly(2);
  }

  @Test
  void heapAloneIsAReasonToo() {
    simulation.heap = at -> at < 100 ? 0.3 : 0.85;
    simulation.until(1000);
    assertThat(simulation.steps).extracting(Step::to).containsExactly(2, 3);
    assertThat(simulation.verdicts).anyMatch(verdict -> verdict.words().contains("heap 85 %"));
  }

  @Test
  void bothMustBeUnderToGoDown() {
    simulation.cpu = at -> at < 200 ? 1.2 : 0.1;
    simulation.heap = at -> 0.5;
    simulation.until(3600);
    assertThat(simulation.steps).extracting(Step::to).containsExactly(2);
  }

  @Test
  void whatAStartCostsIsNoLoad() {
    simulation.until(200);
    simulation.scaleTo(2);
    simulation.until(250);
    simulation.restart(1);
    simulation.until(400);
    simulation.restart(1);
    simulation.restart(2);
    simulation.until(480);
    assertThat(simulation.steps).as("by hand").containsExactly(new Step(200, 2));
  }

  @Test
  void whatIsNotWarmIsNotJudged() {
    simulation.cpu = at -> 1;
    simulation.until(WARM);
    assertThat(simulation.verdicts)
        .allSatisfy(
            verdict -> {
              assertThat(verdict.kind()).isEqualTo(Verdict.Kind.MOVING);
              assertThat(verdict.words()).isEqualTo("what runs has only just started");
            });
    simulation.until(WARM + REACTION);
    assertThat(simulation.steps).hasSize(1);
  }

  @Test
  void aMissingMetricHolds() {
    simulation.cpu = at -> 1;
    simulation.blind = round -> true;
    simulation.until(1000);
    assertThat(simulation.steps).isEmpty();
    assertThat(simulation.verdicts.get(50).words()).isEqualTo("what storage-1 uses is not known");
  }

  @Test
  void roundsAreCountedAnewAfterAMissingMetric() {
    simulation.cpu = at -> 1;
    simulation.blind = round -> round % 3 == 2;
    simulation.until(1000);
    assertThat(simulation.steps).as("never three in a row").isEmpty();
  }

  @Test
  void goingDownIsCountedAnewAfterAMissingMetric() {
    simulation.cpu = at -> at < 200 ? 1.2 : 0.1;
    simulation.blind = round -> round % 25 == 0;
    simulation.until(3600);
    assertThat(simulation.steps).extracting(Step::to).as("never 5 min").containsExactly(2);
  }

  @ParameterizedTest
  @CsvSource({
    "DRAINING, MOVING",
    "STARTING, MOVING",
    "STOPPED, MOVING",
    "BACKOFF, UNKNOWN",
    "FAILED, UNKNOWN"
  })
  void oneThatIsNotReadyHolds(InstanceState state, Verdict.Kind kind) {
    Reading busy = ready("storage-1", 1, new Load(1, 0));
    Reading absent = new Reading("storage-2", OptionalLong.empty(), state, Optional.empty());
    assertThat(judge(List.of(busy, absent)))
        .allSatisfy(
            verdict -> {
              assertThat(verdict.isStep()).isFalse();
              assertThat(verdict.kind()).isEqualTo(kind);
              assertThat(verdict.words()).isEqualTo("storage-2 is " + state);
            });
  }

  /** Before the first collection of the old generation. */
  @Test
  void aHeapThatIsNotKnownIsNoReasonToGoUpAndNoneToGoDown() {
    Load full = new Load(0.1, 0, 0.9);
    Load low = new Load(0.1, 0, 0.3);
    assertThat(judge(2, full)).noneMatch(Verdict::isStep);
    assertThat(judge(2, low)).filteredOn(Verdict::isStep).isNotEmpty();
    assertThat(judge(1, new Load(0.9, 0, 0.9)))
        .filteredOn(Verdict::isStep)
        .first()
        .satisfies(
            verdict ->
                assertThat(verdict.words())
                    .isEqualTo(
                        "CPU 90 % of max_cpu (1.0) (threshold 80 %) and heap at most 90 % of -Xmx"
                            + " (threshold 80 %), over a threshold 3 samples in a row"));
  }

  private static List<Verdict> judge(int instances, Load load) {
    return judge(
        IntStream.rangeClosed(1, instances)
            .mapToObj(number -> ready("storage-" + number, number, load))
            .toList());
  }

  private static Reading ready(String instance, long pid, Load load) {
    return new Reading(instance, OptionalLong.of(pid), InstanceState.READY, Optional.of(load));
  }

  /** Ten minutes of the same. */
  private static List<Verdict> judge(List<Reading> readings) {
    Scaler scaler = new Scaler(Simulation.POLICY, Simulation.INTERVAL, "max_cpu (1.0)");
    List<Verdict> verdicts = new ArrayList<>();
    ScalerState state = ScalerState.NEW;
    for (int i = 0; i < 60; i++) {
      Verdict verdict = scaler.judge(state, new Round(i * 10_000_000_000L, readings));
      verdicts.add(verdict);
      state = verdict.next();
    }
    return verdicts;
  }

  @Test
  void aStepByHandBeginsTheCooldownsToo() {
    simulation.cpu = at -> at < 300 ? 0.1 : 2.5;
    simulation.until(310);
    simulation.scaleTo(2);
    simulation.until(340);
    assertThat(simulation.steps).hasSize(1);
    simulation.until(310 + 2 * REACTION);
    assertThat(simulation.steps).extracting(Step::to).containsExactly(2, 3);
  }

  @Test
  void minThatIsMaxNeverMoves() {
    Simulation fixed = new Simulation(policy(2, 2));
    fixed.cpu = at -> at % 1000 < 500 ? 5 : 0;
    fixed.until(10_000);
    assertThat(fixed.steps).isEmpty();
    assertThat(fixed.instances()).isEqualTo(2);
  }

  @Test
  void aStepThatIsNotTakenIsWantedAgain() {
    assertThat(judge(1, new Load(1, 0.1))).filteredOn(Verdict::isStep).hasSizeGreaterThan(50);
  }

  private static ScalingPolicy policy(int min, int max) {
    return new ScalingPolicy(min, max, 0.8, 0.8, Duration.ofSeconds(30), Duration.ofMinutes(5));
  }
}
