package blackhole.api.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * One metric of a process with all its series, as it stands at one moment. Names and units are as
 * Prometheus wants them: lower case with underscores, seconds and bytes, the unit last, and {@code
 * _total} behind it for what only grows.
 *
 * @param help one sentence, for people
 * @param labels the names of the labels, in the order of each series' values
 * @param bounds of a histogram's buckets, inclusive and ascending, without the last one, which has
 *     none; empty for the other types
 */
public record Metric(
    String name,
    String help,
    Type type,
    List<String> labels,
    List<Double> bounds,
    List<Series> series) {
  /** How its values are to be read. */
  public enum Type {
    /** Only grows, from 0 at the start of the process. */
    COUNTER,
    GAUGE,
    /** How many there were in each bucket, and their sum; both only grow. */
    HISTOGRAM,
    /** How many there were, and their sum; both only grow. */
    SUMMARY
  }

  /**
   * One series.
   *
   * @param values of the labels
   * @param value of a histogram or a summary the sum
   * @param counts of a histogram, how many there are in each bucket alone, one more than bounds; of
   *     a summary one, how many there are; of the others none
   */
  public record Series(List<String> values, double value, List<Long> counts) {
    public Series {
      values = List.copyOf(values);
      counts = List.copyOf(counts);
    }
  }

  public Metric {
    labels = List.copyOf(labels);
    bounds = List.copyOf(bounds);
    series = List.copyOf(series);
    for (Series one : series) {
      int counts =
          switch (type) {
            case COUNTER, GAUGE -> 0;
            case SUMMARY -> 1;
            case HISTOGRAM -> bounds.size() + 1;
          };
      if (one.values().size() != labels.size() || one.counts().size() != counts) {
        throw new IllegalArgumentException("a series does not fit " + name + ": " + one);
      }
    }
  }

  /**
   * What only grows.
   *
   * @param name ends in {@code _total}
   */
  public static Builder counter(String name, String help, String... labels) {
    return new Builder(name, help, Type.COUNTER, List.of(), labels);
  }

  public static Builder gauge(String name, String help, String... labels) {
    return new Builder(name, help, Type.GAUGE, List.of(), labels);
  }

  public static Builder summary(String name, String help, String... labels) {
    return new Builder(name, help, Type.SUMMARY, List.of(), labels);
  }

  /** Its series come from histograms with these bounds. */
  public static Builder histogram(
      String name, String help, Histogram.Buckets buckets, String... labels) {
    return new Builder(name, help, Type.HISTOGRAM, buckets.bounds(), labels);
  }

  /** Puts a metric together, series by series. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private final String help;
    private final Type type;
    private final List<String> labels;
    private final List<Double> bounds;
    private final List<Series> series = new ArrayList<>();

    private Builder(String name, String help, Type type, List<Double> bounds, String... labels) {
      this.name = name;
      this.help = help;
      this.type = type;
      this.labels = List.of(labels);
      this.bounds = bounds;
    }

    /** Of a counter or a gauge. */
    public Builder with(double value, String... values) {
      return add(new Series(List.of(values), value, List.of()));
    }

    /** Of a summary. */
    public Builder with(long count, double sum, String... values) {
      return add(new Series(List.of(values), sum, List.of(count)));
    }

    /** Of a histogram. */
    public Builder with(Histogram histogram, String... values) {
      return add(histogram.series(List.of(values)));
    }

    private Builder add(Series one) {
      series.add(one);
      return this;
    }

    /**
     * @throws IllegalArgumentException when a series does not fit the type or the labels
     */
    public Metric build() {
      return new Metric(name, help, type, labels, bounds, series);
    }
  }
}
