package blackhole.analytics.count;

import java.time.Duration;

/** The stretches of time that are counted. */
public enum Window {
  MINUTE(0, Duration.ofMinutes(1)),
  HOUR(1, Duration.ofHours(1)),
  DAY(2, Duration.ofDays(1));

  private final int code;
  private final long millis;

  Window(int code, Duration length) {
    this.code = code;
    this.millis = length.toMillis();
  }

  /** By which it is stored. */
  public int code() {
    return code;
  }

  public long millis() {
    return millis;
  }

  /** When the window begins that has this time, in Unix milliseconds. */
  public long startOf(long timeMillis) {
    return Math.floorDiv(timeMillis, millis) * millis;
  }
}
