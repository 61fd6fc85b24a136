package blackhole.telemetry.history;

/** How the samples of a step become one value. */
public enum Aggregate {
  AVERAGE,
  MINIMUM,
  MAXIMUM,
  LAST,
  /** The growth of a counter, a second. */
  RATE
}
