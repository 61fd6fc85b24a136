package blackhole.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A share of CPU time as the kernel takes it: so much of each period.
 *
 * @param quotaMicros of all cores together
 */
record CpuBandwidth(long quotaMicros, long periodMicros) {
  /** The least that the kernel takes, of both. */
  private static final long MIN_MICROS = 1_000;

  private static final long MAX_PERIOD_MICROS = 1_000_000;

  /** A share that is too small for its period gets a longer one, and not more than its share. */
  static CpuBandwidth of(double cores, Duration period) {
    long shortest = Math.max(MIN_MICROS, (long) Math.ceil(MIN_MICROS / cores));
    long micros =
        Math.min(
            MAX_PERIOD_MICROS, Math.max(shortest, TimeUnit.NANOSECONDS.toMicros(period.toNanos())));
    return new CpuBandwidth(Math.max(MIN_MICROS, Math.round(cores * micros)), micros);
  }
}
