package blackhole.telemetry.history;

/**
 * A stretch of time in steps, Unix milliseconds.
 *
 * @param from the first, inclusive
 * @param to the last, exclusive
 * @param stepMillis of one point
 */
public record Range(long from, long to, long stepMillis) {
  /** When the step begins that has this time. */
  long stepOf(long timeMillis) {
    return from + Math.floorDiv(timeMillis - from, stepMillis) * stepMillis;
  }

  /** How many steps there are. */
  public long steps() {
    return -Math.floorDiv(from - to, stepMillis);
  }
}
