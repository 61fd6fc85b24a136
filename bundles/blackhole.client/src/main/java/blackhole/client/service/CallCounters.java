package blackhole.client.service;

import blackhole.api.metrics.CallMeter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts the calls to one service. Thread-safe. */
final class CallCounters {
  /** How long they took, how they ended, and how large their messages were. */
  final CallMeter meter = new CallMeter();

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
  private final AtomicInteger places = new AtomicInteger();

  /** Calls of other kinds that have not ended. */
  private final AtomicInteger streams = new AtomicInteger();

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

  void streamStarted() {
    streams.incrementAndGet();
  }

  void streamEnded() {
    streams.decrementAndGet();
  }

  /** Those that have begun, and were neither refused nor have ended. */
  int inFlight() {
    return places.get() + streams.get();
  }
}
