package blackhole.events.stream;

import blackhole.events.call.EventsException;
import blackhole.events.v1.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A subscriber that takes as many events as it is told to. Thread-safe. */
final class TestSink implements Sink {
  private final List<Event> received = new ArrayList<>();
  private int room;
  private @Nullable EventsException end;
  private EventStream.@Nullable Subscriber subscriber;

  /** One with room for so many events, which it doesn't say until it is told. */
  static TestSink subscribe(EventStream stream, Wanted wanted, int room) {
    TestSink sink = new TestSink();
    sink.room = room;
    EventStream.Subscriber made = stream.subscribe(wanted, sink);
    synchronized (sink) {
      sink.subscriber = made;
    }
    return sink;
  }

  EventStream.Subscriber subscriber() {
    synchronized (this) {
      return subscriber;
    }
  }

  /** There is room for so many more. */
  void request(int more) {
    synchronized (this) {
      room = (int) Math.min(Integer.MAX_VALUE, (long) room + more);
    }
    subscriber().ready();
  }

  @Override
  public synchronized boolean isReady() {
    return room > 0;
  }

  @Override
  public synchronized void send(Event event) {
    if (end != null) {
      throw new IllegalStateException("it has ended");
    }
    received.add(event);
    room--;
  }

  @Override
  public synchronized void end(EventsException why) {
    if (end != null) {
      throw new IllegalStateException("it has ended twice");
    }
    end = why;
  }

  synchronized List<Long> positions() {
    return received.stream().map(Event::getPosition).toList();
  }

  synchronized List<Event> events() {
    return List.copyOf(received);
  }

  synchronized int count() {
    return received.size();
  }

  synchronized @Nullable EventsException ended() {
    return end;
  }
}
