package blackhole.orchestrator.event;

import blackhole.events.v1.Event;
import io.grpc.Status;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is to be published, in its order: one at a time, again until the stream has it, as it tells
 * events that come again by their id. Holds so many while the stream is away; then the oldest go,
 * and are counted. Thread-safe; whoever offers an event never waits.
 */
final class Outbox {
  static final int CAPACITY = 1000;
  static final Duration FIRST_DELAY = Duration.ofMillis(100);
  static final Duration LAST_DELAY = Duration.ofSeconds(5);

  private static final Logger LOG = System.getLogger(Outbox.class.getName());

  /** What comes again will be refused again. */
  private static final Set<Status.Code> FINAL =
      Set.of(
          Status.Code.INVALID_ARGUMENT,
          Status.Code.UNIMPLEMENTED,
          Status.Code.PERMISSION_DENIED,
          Status.Code.FAILED_PRECONDITION);

  /** Does something later, on another thread. */
  interface Later {
    void run(Duration delay, Runnable task);
  }

  private final String prefix;
  private final Function<Event, CompletionStage<?>> publisher;
  private final Later later;

  // guarded by this
  private final Deque<Event> waiting = new ArrayDeque<>();
  private @Nullable Event sending;
  private boolean open;
  private boolean closed;
  private long made;
  private long dropped;
  private Duration delay = FIRST_DELAY;

  /**
   * @param prefix of this run's ids, that no other run has
   * @param publisher completes when the event is in the stream
   */
  Outbox(String prefix, Function<Event, CompletionStage<?>> publisher, Later later) {
    this.prefix = prefix;
    this.publisher = publisher;
    this.later = later;
  }

  synchronized void offer(Event event) {
    if (closed) {
      return;
    }
    waiting.addLast(event.toBuilder().setId(prefix + ++made).build());
    if (waiting.size() > CAPACITY) {
      waiting.removeFirst();
      dropped++;
    }
    sendNext();
  }

  /** Whether the stream is there; while it is not, nothing is tried. */
  synchronized void open(boolean there) {
    open = there;
    sendNext();
  }

  /** How many events were not published, nor will be. */
  synchronized long dropped() {
    return dropped;
  }

  private synchronized void sendNext() {
    if (closed || !open || sending != null) {
      return;
    }
    Event next = waiting.pollFirst();
    if (next != null) {
      sending = next;
      // off the thread that offers: the first call makes the channel
      later.run(Duration.ZERO, () -> send(next));
    }
  }

  private void send(Event event) {
    publisher
        .apply(event)
        .whenComplete(
            (position, failure) -> {
              if (failure == null) {
                done();
              } else {
                failed(event, failure);
              }
            });
  }

  private synchronized void done() {
    sending = null;
    delay = FIRST_DELAY;
    sendNext();
  }

  private synchronized void failed(Event event, Throwable failure) {
    LOG.log(Level.DEBUG, "event " + event.getId() + " was not published", failure);
    if (FINAL.contains(Status.fromThrowable(failure).getCode())) {
      sending = null;
      dropped++;
      LOG.log(
          Level.WARNING,
          "the event stream refuses {0}: {1}",
          event.getType(),
          Status.fromThrowable(failure).getDescription());
      sendNext();
      return;
    }
    Duration wait = delay;
    Duration twice = delay.multipliedBy(2);
    delay = twice.compareTo(LAST_DELAY) < 0 ? twice : LAST_DELAY;
    later.run(wait, this::again);
  }

  private void again() {
    Event event;
    synchronized (this) {
      event = sending;
      if (event == null || closed) {
        return;
      }
      if (!open) {
        // first again when the stream is back
        waiting.addFirst(event);
        sending = null;
        return;
      }
    }
    send(event);
  }

  /** What waits is lost: the stream goes with the node. */
  synchronized void close() {
    closed = true;
    dropped += waiting.size();
    waiting.clear();
  }
}
