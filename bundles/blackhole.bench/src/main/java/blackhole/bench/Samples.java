package blackhole.bench;

import java.util.Arrays;
import java.util.Locale;

/** Measurements of one kind. */
public final class Samples {
  private final double[] sorted;

  public Samples(double[] values) {
    this.sorted = values.clone();
    Arrays.sort(this.sorted);
  }

  public double median() {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Median, and the spread that it comes from. */
  public String summary(String unit) {
    return String.format(
        Locale.ROOT,
        "median %.1f %s (min %.1f, max %.1f, n %d)",
        median(),
        unit,
        sorted[0],
        sorted[sorted.length - 1],
        sorted.length);
  }
}
