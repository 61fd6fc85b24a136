package blackhole.telemetry.history;

import java.util.ArrayList;
import java.util.List;

/** Makes one point a step of samples that come in the order of their times. Used by one thread. */
final class Resampling {
  private final Range range;
  private final Aggregate aggregate;
  private final List<Point> points = new ArrayList<>();

  private long step;
  private int count;
  private double sum;
  private double minimum;
  private double maximum;
  private double last;

  /** Of the sample before, of whatever step. */
  private long timeBefore = -1;

  private double valueBefore;

  /** Of the step: how much a counter grew, in how long. */
  private double growth;

  private long grownMillis;

  Resampling(Range range, Aggregate aggregate) {
    this.range = range;
    this.aggregate = aggregate;
  }

  /** The sample before the range, from which a counter grew. */
  void before(long timeMillis, double value) {
    timeBefore = timeMillis;
    valueBefore = value;
  }

  void add(long timeMillis, double value) {
    long its = range.stepOf(timeMillis);
    if (count > 0 && its != step) {
      endStep();
    }
    if (count == 0) {
      step = its;
      sum = 0;
      minimum = value;
      maximum = value;
      growth = 0;
      grownMillis = 0;
    }
    count++;
    sum += value;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    last = value;
    if (timeBefore >= 0) {
      // smaller than before: the process is another one, which counts from 0
      growth += value >= valueBefore ? value - valueBefore : value;
      grownMillis += timeMillis - timeBefore;
    }
    before(timeMillis, value);
  }

  private void endStep() {
    if (aggregate != Aggregate.RATE) {
      points.add(new Point(step, plain()));
    } else if (grownMillis > 0) {
      points.add(new Point(step, growth * 1000 / grownMillis));
    }
    count = 0;
  }

  private double plain() {
    return switch (aggregate) {
      case AVERAGE -> sum / count;
      case MINIMUM -> minimum;
      case MAXIMUM -> maximum;
      case LAST, RATE -> last;
    };
  }

  /** All that were added. */
  List<Point> points() {
    if (count > 0) {
      endStep();
    }
    return points;
  }
}
