package blackhole.events.stream;

import blackhole.events.v1.Event;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The last events, in memory, for subscribers that keep up. One thread adds, any thread looks. */
final class RecentEvents {
  /** What an event takes beside the bytes of its message: the object, its texts, its entry. */
  private static final int OVERHEAD_BYTES = 400;

  private final long maxBytes;
  private final ConcurrentSkipListMap<Long, Event> events = new ConcurrentSkipListMap<>();
  private volatile long from;
  private long bytes;

  /**
   * @param from the next position: all that is added from then on is here, until it goes
   */
  RecentEvents(long maxBytes, long from) {
    this.maxBytes = maxBytes;
    this.from = from;
  }

  void add(Event event) {
    events.put(event.getPosition(), event);
    bytes += size(event);
    while (bytes > maxBytes && !events.isEmpty()) {
      Map.Entry<Long, Event> oldest = events.firstEntry();
      // first: who finds an event missing must see that it may be
      from = oldest.getKey() + 1;
      events.remove(oldest.getKey());
      bytes -= size(oldest.getValue());
    }
  }

  private static long size(Event event) {
    return OVERHEAD_BYTES + (long) event.getSerializedSize();
  }

  /** Whether all events from this position on were here a moment ago. */
  boolean covers(long position) {
    return position >= from;
  }

  /**
   * The first event at or behind this position; null if there is none, or if it may have been among
   * those that have gone.
   */
  @Nullable Event next(long position) {
    Map.Entry<Long, Event> found = events.ceilingEntry(position);
    return found != null && covers(position) ? found.getValue() : null;
  }
}
