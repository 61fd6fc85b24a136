package blackhole.orchestrator.supervision;

import blackhole.orchestrator.config.RestartDelays;
import blackhole.orchestrator.config.RestartPolicy;
import java.time.Duration;
import java.util.Optional;

/** Decides on restarts, from nothing but the policy, the past and the time. */
public final class RestartBudget {
  /** Fewer restarts a day than this are nobody's concern. */
  private static final int NOTICED_PER_DAY = 10;

  private RestartBudget() {}

  /**
   * Decides after an exit.
   *
   * @param ran how long it had been READY
   * @param stableAfter a run this long clears the count
   * @param now monotonic nanoseconds
   * @param random from 0 to 1, for the jitter
   */
  static RestartDecision decide(
      RestartPolicy policy,
      RestartHistory past,
      Duration ran,
      Duration stableAfter,
      long now,
      double random) {
    boolean stable = ran.compareTo(stableAfter) >= 0;
    RestartHistory history = (stable ? past.afterStableRun() : past).at(now, policy.window());
    if (history.counted().size() >= policy.maxRestarts()) {
      return new RestartDecision.GiveUp(overBudget(policy), history);
    }
    Duration delay =
        withJitter(
            RestartDelays.before(policy, history.sinceStable() + 1), policy.jitter(), random);
    RestartHistory next = history.plus(now);
    return new RestartDecision.Restart(delay, next, warning(policy, next));
  }

  /** At the cap too: instances that fell together must not come back together for ever. */
  private static Duration withJitter(Duration delay, double jitter, double random) {
    return Duration.ofNanos((long) (delay.toNanos() * (1 + jitter * (2 * random - 1))));
  }

  private static String overBudget(RestartPolicy policy) {
    return policy.maxRestarts() == 0
        ? "it is not restarted (max_restarts is 0)"
        : "restarted "
            + Words.times(policy.maxRestarts())
            + " within "
            + Words.of(policy.window())
            + ", which is as often as max_restarts allows";
  }

  /**
   * One that ends again and again, but always late enough to be within its budget, would never be
   * noticed otherwise. Said at each doubling, so that it is said a few times, not each time.
   */
  private static Optional<String> warning(RestartPolicy policy, RestartHistory history) {
    int today = history.day().size();
    int noticed = Math.max(NOTICED_PER_DAY, 2 * Math.min(policy.maxRestarts(), 1 << 20));
    boolean doubled = today % noticed == 0 && Integer.bitCount(today / noticed) == 1;
    return doubled
        ? Optional.of(
            "restarted " + today + " times within 24 h, though always within its restart policy")
        : Optional.empty();
  }
}
