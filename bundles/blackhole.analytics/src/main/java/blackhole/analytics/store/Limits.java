package blackhole.analytics.store;

import blackhole.analytics.count.Window;

/**
 * How much is kept.
 *
 * @param minutes how many windows of a minute
 * @param hours how many windows of an hour
 * @param days how many windows of a day
 * @param maxTypes that are told apart
 * @param cacheBytes of database pages in memory
 */
public record Limits(int minutes, int hours, int days, int maxTypes, long cacheBytes) {
  /** The first window of this length that is kept, Unix milliseconds. */
  long oldest(Window window, long nowMillis) {
    int kept =
        switch (window) {
          case MINUTE -> minutes;
          case HOUR -> hours;
          case DAY -> days;
        };
    return window.startOf(nowMillis) - (kept - 1) * window.millis();
  }
}
