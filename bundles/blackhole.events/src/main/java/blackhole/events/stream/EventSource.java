package blackhole.events.stream;

import blackhole.events.log.LogReader;
import blackhole.events.log.LogRecord;
import blackhole.events.v1.Event;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Events by position: from memory where they are recent, else from the log. A file is open only
 * while it is read. For one thread at a time, but for {@link #head}.
 */
final class EventSource implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EventSource.class.getName());

  private final RecentEvents recent;
  private final LongSupplier head;
  private final Supplier<LogReader> readers;
  private @Nullable LogReader reader;

  /**
   * @param head the position of the last event that is durable
   */
  EventSource(RecentEvents recent, LongSupplier head, Supplier<LogReader> readers) {
    this.recent = recent;
    this.head = head;
    this.readers = readers;
  }

  long head() {
    return head.getAsLong();
  }

  /** The first event at or behind this position, or null if there is none yet. May block. */
  @Nullable Event next(long position) throws IOException {
    Event found = recent.next(position);
    if (found == null && !recent.covers(position)) {
      return read(position);
    }
    close();
    return found;
  }

  private @Nullable Event read(long position) throws IOException {
    LogReader open = reader;
    if (open == null) {
      open = readers.get();
      reader = open;
    }
    for (LogRecord found = open.next(position);
        found != null;
        found = open.next(found.position() + 1)) {
      Event event = event(found);
      if (event != null) {
        return event;
      }
    }
    return null;
  }

  /** Null for what is no event, though its checksum is right: nobody can have published it. */
  static @Nullable Event event(LogRecord stored) {
    try {
      return Event.parseFrom(stored.body()).toBuilder().setPosition(stored.position()).build();
    } catch (InvalidProtocolBufferException e) {
      LOG.log(Level.ERROR, "what is at position {0} is no event", stored.position());
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    LogReader open = reader;
    reader = null;
    if (open != null) {
      open.close();
    }
  }
}
