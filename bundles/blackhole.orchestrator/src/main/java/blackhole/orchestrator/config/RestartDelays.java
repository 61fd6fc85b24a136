package blackhole.orchestrator.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long an instance that keeps ending waits before each restart, without jitter. */
public final class RestartDelays {
  private RestartDelays() {}

  /**
   * The wait before the n-th restart in a row: none before the first, then {@code min(restartDelay
   * × backoffFactor^(n-2), maxBackoff)}.
   *
   * @param restart from 1
   */
  public static Duration before(RestartPolicy policy, int restart) {
    if (restart <= 1) {
      return Duration.ZERO;
    }
    // a double passes the cap long before it loses milliseconds, and never overflows
    double millis =
        policy.restartDelay().toMillis() * Math.pow(policy.backoffFactor(), restart - 2);
    return millis >= policy.maxBackoff().toMillis()
        ? policy.maxBackoff()
        : Duration.ofMillis(Math.round(millis));
  }

  /**
   * The waits of all restarts up to the last that the policy allows, ending early where all that
   * follow are as long as the last.
   */
  public static List<Duration> ladder(RestartPolicy policy) {
    List<Duration> delays = new ArrayList<>();
    for (int restart = 1; restart <= policy.maxRestarts(); restart++) {
      Duration delay = before(policy, restart);
      delays.add(delay);
      boolean levelled = restart > 1 && delay.equals(before(policy, Integer.MAX_VALUE));
      if (levelled) {
        break;
      }
    }
    return delays;
  }
}
