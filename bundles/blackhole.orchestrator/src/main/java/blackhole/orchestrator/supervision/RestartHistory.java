package blackhole.orchestrator.supervision;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The automatic restarts of an instance. Times are monotonic nanoseconds, oldest first.
 *
 * @param sinceStable restarts since its last stable run, or since somebody started it
 * @param counted those of these restarts that the budget still counts
 * @param day all within the last 24 hours, stable runs between them or not
 */
record RestartHistory(int sinceStable, List<Long> counted, List<Long> day) {
  /** The first restart is at once, and callers wait for it; some more may still be bad luck. */
  private static final int STORM = 5;

  static final RestartHistory EMPTY = new RestartHistory(0, List.of(), List.of());

  RestartHistory {
    counted = List.copyOf(counted);
    day = List.copyOf(day);
  }

  /** One that has ended again and again will do so once more, and has the time. */
  boolean isOfStorm() {
    return sinceStable >= STORM;
  }

  RestartHistory afterStableRun() {
    return new RestartHistory(0, List.of(), day);
  }

  /** Forgets what is too old to matter. */
  RestartHistory at(long now, Duration window) {
    return new RestartHistory(
        sinceStable, within(counted, now, window), within(day, now, Duration.ofDays(1)));
  }

  RestartHistory plus(long now) {
    return new RestartHistory(sinceStable + 1, append(counted, now), append(day, now));
  }

  private static List<Long> within(List<Long> times, long now, Duration window) {
    return times.stream().filter(time -> now - time <= window.toNanos()).toList();
  }

  private static List<Long> append(List<Long> times, long time) {
    return Stream.concat(times.stream(), Stream.of(time)).toList();
  }
}
