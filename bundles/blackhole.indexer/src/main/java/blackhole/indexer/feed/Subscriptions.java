package blackhole.indexer.feed;

import blackhole.api.events.EventListener;

/** The way to the event stream. */
@FunctionalInterface
public interface Subscriptions {
  /** A subscription that goes on until it is closed. Closing doesn't wait for an event in hand. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /** Returns at once; the listener is called from other threads. */
  Subscription subscribe(EventListener listener);
}
