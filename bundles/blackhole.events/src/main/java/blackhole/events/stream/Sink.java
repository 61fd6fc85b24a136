package blackhole.events.stream;

import blackhole.events.call.EventsException;
import blackhole.events.v1.Event;

/** Where one subscriber's events go. Called by one thread at a time, but for {@link #isReady}. */
public interface Sink {
  /** Whether it takes another event without keeping it for long. It says so when it is again. */
  boolean isReady();

  /** Sends an event; may not block. One whose subscriber has gone takes it all the same. */
  void send(Event event);

  /** Nothing is sent any more. Called at most once. */
  void end(EventsException why);
}
