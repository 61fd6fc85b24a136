package blackhole.orchestrator.scaling;

import blackhole.orchestrator.config.ScalingPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Decides about the number of instances of one service. One step up when the mean of CPU or of heap
 * has been over its threshold for some rounds in a row; one step down when both have been under
 * half of theirs for the whole {@code scale_down_cooldown}. So a load that moves between the two,
 * or that comes back sooner, changes nothing.
 *
 * <p>A process that has just started compiles, which is no load: for {@code scale_up_cooldown} it
 * does not count. Where anything is not known, all stays as it is, and the rounds are counted anew.
 *
 * <p>Immutable, and without a clock.
 */
final class Scaler {
  /** In a row; one alone may be a collection, a backup, a page that somebody reloads. */
  static final int ROUNDS = 3;

  private final ScalingPolicy policy;
  private final Duration warmUp;
  private final Wording wording;

  /**
   * @param interval between two rounds
   * @param cpuLimit what CPU is a part of, in words
   */
  Scaler(ScalingPolicy policy, Duration interval, String cpuLimit) {
    this.policy = policy;
    Duration rounds = interval.multipliedBy(ROUNDS);
    this.warmUp =
        policy.scaleUpCooldown().compareTo(rounds) > 0 ? policy.scaleUpCooldown() : rounds;
    this.wording = new Wording(policy, cpuLimit);
  }

  /** Does not step by itself: it sees in the next round whether somebody did. */
  Verdict judge(ScalerState before, Round round) {
    ScalerState state = before.seen(round);
    List<Reading> warm =
        round.readings().stream().filter(one -> isWarm(state, one, round.nanos())).toList();
    Optional<Reading> absent = round.readings().stream().filter(one -> !one.isReady()).findFirst();
    if (absent.isPresent()) {
      Verdict.Kind kind = absent.get().isMoving() ? Verdict.Kind.MOVING : Verdict.Kind.UNKNOWN;
      String words = absent.get().instance() + " is " + absent.get().state();
      return stay(kind, words, state.between());
    }
    if (warm.isEmpty()) {
      return stay(Verdict.Kind.MOVING, "what runs has only just started", state.between());
    }
    Optional<Reading> unknown = warm.stream().filter(one -> one.load().isEmpty()).findFirst();
    if (unknown.isPresent()) {
      String words = "what " + unknown.get().instance() + " uses is not known";
      return stay(Verdict.Kind.UNKNOWN, words, state.between());
    }
    Load mean = Load.mean(warm.stream().map(one -> one.load().orElseThrow()).toList());
    if (isOver(mean)) {
      return over(state.over(), round.nanos(), wording.of(mean, warm.size()));
    }
    boolean all = warm.size() == round.instances();
    if (all && isUnder(mean)) {
      return under(state.under(round.nanos()), round.nanos(), wording.of(mean, warm.size()));
    }
    return stay(Verdict.Kind.STEADY, wording.of(mean, warm.size()), state.between());
  }

  private boolean isWarm(ScalerState state, Reading reading, long now) {
    return reading.isReady() && state.served(reading, now).compareTo(warmUp) >= 0;
  }

  private boolean isOver(Load mean) {
    return mean.cpu() > policy.cpuScaleThreshold()
        || mean.heapAtLeast() > policy.memScaleThreshold();
  }

  private boolean isUnder(Load mean) {
    return mean.cpu() < policy.cpuScaleThreshold() / 2
        && mean.heapAtMost() < policy.memScaleThreshold() / 2;
  }

  private Verdict over(ScalerState state, long now, String words) {
    if (state.overRounds() < ROUNDS) {
      return stay(Verdict.Kind.STEADY, words, state);
    }
    String why = words + ", over a threshold " + wording.rounds(state.overRounds());
    if (state.instances() >= policy.maxInstances()) {
      return stay(Verdict.Kind.AT_MAX, why + ", but that is max_instances", state);
    }
    if (state.lastUp().isPresent()) {
      Duration since = Duration.ofNanos(now - state.lastUp().getAsLong());
      if (since.compareTo(policy.scaleUpCooldown()) < 0) {
        return stay(Verdict.Kind.COOLDOWN, why + ", but " + wording.cooldown(since), state);
      }
    }
    return new Verdict(Verdict.Kind.UP, state.instances(), state.instances() + 1, why, state);
  }

  private Verdict under(ScalerState state, long now, String words) {
    Duration since = Duration.ofNanos(now - state.underSince());
    boolean settled =
        state.underRounds() >= ROUNDS && since.compareTo(policy.scaleDownCooldown()) >= 0;
    if (!settled || state.instances() <= policy.minInstances()) {
      return stay(Verdict.Kind.STEADY, words, state);
    }
    String why = words + ", both under half of their thresholds for " + wording.seconds(since);
    return new Verdict(Verdict.Kind.DOWN, state.instances(), state.instances() - 1, why, state);
  }

  private static Verdict stay(Verdict.Kind kind, String words, ScalerState next) {
    return new Verdict(kind, next.instances(), next.instances(), words, next);
  }
}
