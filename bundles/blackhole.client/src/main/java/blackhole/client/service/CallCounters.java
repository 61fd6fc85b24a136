package blackhole.client.service;

import blackhole.api.metrics.CallMeter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts the calls to one service. Thread-safe. */
final class CallCounters {
  /** How long they took, how they ended, and how large their messages were. */
  final CallMeter meter = new CallMeter();

  final LongAdder started = new LongAdder();
  final LongAdder ended = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder held = new LongAdder();
  final LongAdder refusedByBreaker = new LongAdder();
  final LongAdder refusedByLimit = new LongAdder();
  final LongAdder deadlineExceeded = new LongAdder();
  final LongAdder remote = new LongAdder();

  /** Times that a channel left an instance out. */
  final LongAdder ejected = new LongAdder();

  /** Unary calls that hold a place under the limit. */
  final AtomicInteger places = new AtomicInteger();

  boolean takePlace(int most) {
    if (places.incrementAndGet() <= most) {
      return true;
    }
    places.decrementAndGet();
    return false;
  }

  void leavePlace() {
    places.decrementAndGet();
  }

  int inFlight() {
    // the ends first: what starts in between must not make it negative
    long over = ended.sum();
    return (int) Math.max(0, started.sum() - over);
  }
}
