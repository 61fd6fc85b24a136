package blackhole.bench.call;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts latencies in buckets that are at most 0.4 % wide, so that a measurement costs the same
 * however many calls there are. Thread-safe.
 */
public final class Latencies {
  private static final int FINE_BITS = 8;
  private static final int FINE = 1 << FINE_BITS;

  private final AtomicLongArray counts = new AtomicLongArray((Long.SIZE - FINE_BITS + 1) * FINE);

  public void add(long nanos) {
    counts.getAndIncrement(bucket(Math.max(nanos, 1)));
  }

  /** The nine highest bits, and how many more there are. */
  private static int bucket(long nanos) {
    int coarse = Math.max(Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - FINE_BITS, 0);
    return coarse * FINE + (int) (nanos >>> coarse);
  }

  public long count() {
    long sum = 0;
    for (int i = 0; i < counts.length(); i++) {
      sum += counts.get(i);
    }
    return sum;
  }

  /** The latency that this share of all calls kept below, in microseconds. */
  public double micros(double share) {
    long left = (long) Math.ceil(count() * share);
    for (int i = 0; i < counts.length(); i++) {
      left -= counts.get(i);
      if (left <= 0) {
        return nanos(i) / 1000.0;
      }
    }
    throw new IllegalStateException("no calls");
  }

  private static double nanos(int bucket) {
    int coarse = Math.max(bucket / FINE - 1, 0);
    return (double) ((long) (bucket - coarse * FINE) << coarse);
  }
}
