package blackhole.telemetry.history;

/**
 * What makes a file as large as it is.
 *
 * @param intervalMillis between two samples
 * @param slots how many samples are kept: the file goes round after that
 * @param columns how many metrics there can be
 */
public record Shape(long intervalMillis, int slots, int columns) {
  /** Which interval since the epoch this time is in. */
  long turn(long timeMillis) {
    return Math.floorDiv(timeMillis, intervalMillis);
  }

  int slot(long turn) {
    return (int) Math.floorMod(turn, (long) slots);
  }

  public long retentionMillis() {
    return intervalMillis * slots;
  }
}
