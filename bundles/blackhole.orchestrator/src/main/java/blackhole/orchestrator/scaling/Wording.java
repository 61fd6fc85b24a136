package blackhole.orchestrator.scaling;

import blackhole.orchestrator.config.ScalingPolicy;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * How verdicts are told to a person.
 *
 * @param cpuLimit what CPU is a part of, for example {@code max_cpu (1.5)}
 */
record Wording(ScalingPolicy policy, String cpuLimit) {
  /** What is used, and the thresholds. */
  String of(Load mean, int instances) {
    return "CPU "
        + percent(mean.cpu())
        + " of "
        + cpuLimit
        + " (threshold "
        + percent(policy.cpuScaleThreshold())
        + ") and heap "
        + heap(mean)
        + " of -Xmx (threshold "
        + percent(policy.memScaleThreshold())
        + ")"
        + (instances == 1 ? "" : " on average of " + instances + " instances");
  }

  private static String heap(Load mean) {
    return (mean.heapAtLeast() < mean.heapAtMost() ? "at most " : "") + percent(mean.heapAtMost());
  }

  String rounds(int rounds) {
    return rounds + " samples in a row";
  }

  String cooldown(Duration since) {
    return "the last step up was "
        + seconds(since)
        + " ago (scale_up_cooldown "
        + seconds(policy.scaleUpCooldown())
        + ")";
  }

  String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis() / 100, 1).stripTrailingZeros().toPlainString()
        + " s";
  }

  private static String percent(double part) {
    return Math.round(part * 100) + " %";
  }
}
