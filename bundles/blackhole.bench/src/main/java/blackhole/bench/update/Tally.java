package blackhole.bench.update;

import blackhole.bench.Latencies;
import java.util.concurrent.atomic.AtomicLong;

/** The calls that were due in one stretch of time. Thread-safe. */
final class Tally {
  private final Latencies all;
  private final AtomicLong worstNanos = new AtomicLong();

  /**
   * @param all of the stretches of this kind together
   */
  Tally(Latencies all) {
    this.all = all;
  }

  void add(long nanos) {
    all.add(nanos);
    long unused = worstNanos.accumulateAndGet(nanos, Math::max);
  }

  double worstMillis() {
    return worstNanos.get() / 1e6;
  }
}
