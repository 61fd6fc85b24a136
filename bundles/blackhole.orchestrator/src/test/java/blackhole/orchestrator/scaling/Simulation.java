package blackhole.orchestrator.scaling;

import blackhole.api.supervision.InstanceState;
import blackhole.orchestrator.config.ScalingPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntPredicate;

/**
 * A service whose load is a curve over time, spread evenly over the instances that serve; what the
 * scaler says is done at once. An instance serves from the round after its start on, and compiles
 * with all the CPU it can get for its first 25 seconds.
 */
final class Simulation {
  static final Duration INTERVAL = Duration.ofSeconds(10);
  static final ScalingPolicy POLICY =
      new ScalingPolicy(1, 3, 0.8, 0.8, Duration.ofSeconds(30), Duration.ofMinutes(5));

  private static final double COMPILES_SECONDS = 25;

  /** Of everything that is asked, in cores, at a second. */
  DoubleUnaryOperator cpu = seconds -> 0.1;

  /** Of each instance, as a part of -Xmx, at a second. */
  DoubleUnaryOperator heap = seconds -> 0.2;

  /** Which rounds lack a metric of the first instance. */
  IntPredicate blind = round -> false;

  final List<Verdict> verdicts = new ArrayList<>();

  private final Scaler scaler;
  private final List<Double> startedAt = new ArrayList<>();
  private ScalerState state = ScalerState.NEW;
  private double seconds;
  private int round;

  /** A change of the number of instances. */
  record Step(double seconds, int to) {}

  final List<Step> steps = new ArrayList<>();

  Simulation() {
    this(POLICY);
  }

  Simulation(ScalingPolicy policy) {
    this.scaler = new Scaler(policy, INTERVAL, "max_cpu (1.0)");
    for (int i = 0; i < policy.minInstances(); i++) {
      startedAt.add(-COMPILES_SECONDS);
    }
  }

  /** Rounds up to this second. */
  Simulation until(double end) {
    while (seconds < end) {
      Verdict verdict = scaler.judge(state, look());
      state = verdict.next();
      verdicts.add(verdict);
      scaleTo(verdict.to());
      seconds += INTERVAL.toSeconds();
      round++;
    }
    return this;
  }

  /** As by hand. */
  void scaleTo(int count) {
    if (count != startedAt.size()) {
      steps.add(new Step(seconds, count));
    }
    while (startedAt.size() < count) {
      startedAt.add(seconds);
    }
    while (startedAt.size() > count) {
      startedAt.remove(startedAt.size() - 1);
    }
  }

  /** One process ends, and is started again. */
  void restart(int instance) {
    startedAt.set(instance - 1, seconds);
  }

  private Round look() {
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < startedAt.size(); i++) {
      boolean compiles = seconds - startedAt.get(i) <= COMPILES_SECONDS;
      double share = compiles ? 1 : Math.min(1, cpu.applyAsDouble(seconds) / startedAt.size());
      Load load = new Load(share, heap.applyAsDouble(seconds));
      boolean missing = i == 0 && blind.test(round);
      readings.add(
          new Reading(
              "storage-" + (i + 1),
              OptionalLong.of(100 * i + (long) (startedAt.get(i) + COMPILES_SECONDS)),
              InstanceState.READY,
              missing ? Optional.empty() : Optional.of(load)));
    }
    return new Round((long) (seconds * 1e9), readings);
  }

  int instances() {
    return startedAt.size();
  }
}
