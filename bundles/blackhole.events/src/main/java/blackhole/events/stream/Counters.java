package blackhole.events.stream;

import java.util.concurrent.atomic.LongAdder;

/** What became of events on their way to subscribers, since the start. Thread-safe. */
final class Counters {
  /** Handed to a subscriber's transport. */
  final LongAdder delivered = new LongAdder();

  /** Done with, as members of groups say. */
  final LongAdder acknowledged = new LongAdder();

  /** Not sent, because too many waited. */
  final LongAdder dropped = new LongAdder();

  /** Those of them that were for subscribers in no group. */
  final LongAdder droppedBySingle = new LongAdder();

  /** Not sent, because the log did not keep them until their subscriber came to them. */
  final LongAdder lost = new LongAdder();

  /** Subscribers that were too slow for their policy. */
  final LongAdder disconnected = new LongAdder();
}
