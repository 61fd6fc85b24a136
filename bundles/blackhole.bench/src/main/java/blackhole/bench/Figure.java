package blackhole.bench;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One measured figure beside its baseline.
 *
 * @param value ours
 * @param baseline theirs, in the same unit, from the same run
 * @param target for the ratio, for example {@code <= 1.5}
 * @param why when the target is not met; null when it is
 */
public record Figure(
    String figure,
    double value,
    String unit,
    double baseline,
    double ratio,
    String target,
    boolean met,
    @Nullable String why) {

  /** Holds a ratio against a target. */
  public static Figure of(
      String name, double value, String unit, double baseline, String target, String whyNot) {
    double ratio = value / baseline;
    boolean met = meets(ratio, target);
    return new Figure(
        name, round(value), unit, round(baseline), round(ratio), target, met, met ? null : whyNot);
  }

  /**
   * Holds a ratio of measurements that were made in turn against a target: the median of the
   * rounds' ratios, since what disturbs a machine for a while disturbs both of a round.
   */
  public static Figure ofRounds(
      String name, double[] values, String unit, double[] baselines, String target, String whyNot) {
    double[] ratios = new double[values.length];
    Arrays.setAll(ratios, round -> values[round] / baselines[round]);
    double ratio = new Samples(ratios).median();
    boolean met = meets(ratio, target);
    return new Figure(
        name,
        round(new Samples(values).median()),
        unit,
        round(new Samples(baselines).median()),
        round(ratio),
        target,
        met,
        met ? null : whyNot);
  }

  static boolean meets(double ratio, String target) {
    double bound = Double.parseDouble(target.substring(2).trim());
    if (target.startsWith("<=")) {
      return ratio <= bound;
    } else if (target.startsWith(">=")) {
      return ratio >= bound;
    }
    throw new IllegalArgumentException("expected '<= N' or '>= N', got '" + target + "'");
  }

  private static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%-58s %10.1f %-7s against %10.1f   ratio %6.3f   target %-7s %s",
        figure,
        value,
        unit,
        baseline,
        ratio,
        target,
        met ? "met" : "NOT MET");
  }
}
