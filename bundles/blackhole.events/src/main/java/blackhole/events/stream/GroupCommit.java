package blackhole.events.stream;

import blackhole.events.call.EventsException;
import blackhole.events.call.EventsException.Reason;
import blackhole.events.log.SegmentLog;
import blackhole.events.v1.Event;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes to the log. Whatever was published while it synced the events before
 * is written next, with one sync for all of it; so a sync is shared by those who wait for it, and
 * nobody waits for company. Thread-safe.
 */
final class GroupCommit implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(GroupCommit.class.getName());

  private static final int MAX_EVENTS_AT_ONCE = 1000;
  private static final long MAX_BYTES_AT_ONCE = 4 << 20;

  /** What may wait, so that publishers who are faster than the disk don't fill the memory. */
  private static final long MAX_WAITING_BYTES = 16 << 20;

  private static final int OVERHEAD_BYTES = 500;

  /** Called on this object's thread. */
  interface Listener {
    /** These are durable now, in the order of their positions. */
    void committed(List<Event> events);

    /** Called from time to time, between commits. */
    void upkeep() throws IOException;
  }

  private record Waiting(
      Event event, byte[] body, DuplicateWindow.Key key, CompletableFuture<Long> position) {
    long bytes() {
      return OVERHEAD_BYTES + 2L * body.length;
    }
  }

  private final SegmentLog log;
  private final DuplicateWindow duplicates;
  private final Listener listener;
  private final long upkeepNanos;
  private final Thread thread;

  // guarded by queue
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private long waitingBytes;
  private boolean closed;

  private volatile @Nullable EventsException failure;
  private final LongAdder published = new LongAdder();
  private final LongAdder repeated = new LongAdder();

  /**
   * @param duplicates of this object's thread from now on
   * @param upkeepMillis how often the listener's upkeep is due
   */
  GroupCommit(SegmentLog log, DuplicateWindow duplicates, Listener listener, long upkeepMillis) {
    this.log = log;
    this.duplicates = duplicates;
    this.listener = listener;
    this.upkeepNanos = TimeUnit.MILLISECONDS.toNanos(upkeepMillis);
    thread = new Thread(this::run, "events-commit");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * Publishes an event without a position.
   *
   * @return its position, when it is durable; or that of the event with the same source and id. It
   *     fails with an {@link EventsException}
   */
  CompletableFuture<Long> publish(Event event) {
    CompletableFuture<Long> position = new CompletableFuture<>();
    Waiting waiting = new Waiting(event, event.toByteArray(), DuplicateWindow.key(event), position);
    synchronized (queue) {
      if (closed) {
        position.completeExceptionally(EventsException.draining());
      } else if (waitingBytes + waiting.bytes() > MAX_WAITING_BYTES && !queue.isEmpty()) {
        position.completeExceptionally(
            new EventsException(Reason.OVERLOADED, "too many events wait to be written"));
      } else {
        queue.add(waiting);
        waitingBytes += waiting.bytes();
        queue.notifyAll();
      }
    }
    return position;
  }

  private void run() {
    try {
      long upkeep = System.nanoTime() + upkeepNanos;
      List<Waiting> batch = take(upkeep);
      while (batch != null) {
        commit(batch);
        if (System.nanoTime() - upkeep >= 0) {
          upkeep();
          upkeep = System.nanoTime() + upkeepNanos;
        }
        batch = take(upkeep);
      }
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "no more events can be written", e);
      EventsException why = new EventsException(Reason.LOG_UNAVAILABLE, "the log failed", e);
      failure = why;
      refuse(why);
      throw e;
    }
  }

  /** What waits, up to a bound; empty when there is nothing until then; null when it is closed. */
  private @Nullable List<Waiting> take(long deadline) {
    synchronized (queue) {
      while (queue.isEmpty() && !closed) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return List.of();
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(queue, left);
        } catch (InterruptedException e) {
          // by nobody of ours; files would close at the next touch, so it is not kept
          LOG.log(Level.WARNING, "the thread that writes events was interrupted");
        }
      }
      if (queue.isEmpty()) {
        return null;
      }
      List<Waiting> batch = new ArrayList<>();
      long bytes = 0;
      while (!queue.isEmpty()
          && batch.size() < MAX_EVENTS_AT_ONCE
          && (batch.isEmpty() || bytes + queue.peek().body().length <= MAX_BYTES_AT_ONCE)) {
        Waiting next = queue.remove();
        waitingBytes -= next.bytes();
        bytes += next.body().length;
        batch.add(next);
      }
      return batch;
    }
  }

  private void upkeep() {
    try {
      listener.upkeep();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "old events cannot be deleted: {0}", e.toString());
    }
  }

  private void commit(List<Waiting> batch) {
    Map<DuplicateWindow.Key, Waiting> fresh = new HashMap<>();
    List<Waiting> written = new ArrayList<>();
    for (Waiting waiting : batch) {
      Long known = duplicates.find(waiting.key());
      if (known != null) {
        repeated.increment();
        waiting.position().complete(known);
        continue;
      }
      Waiting first = fresh.putIfAbsent(waiting.key(), waiting);
      if (first == null) {
        written.add(waiting);
      } else {
        repeated.increment();
        follow(waiting.position(), first.position());
      }
    }
    if (!written.isEmpty()) {
      write(written);
    }
  }

  private static void follow(CompletableFuture<Long> follower, CompletableFuture<Long> first) {
    first.whenComplete(
        (position, e) -> {
          if (e == null) {
            follower.complete(position);
          } else {
            follower.completeExceptionally(e);
          }
        });
  }

  private void write(List<Waiting> written) {
    long position;
    try {
      position = log.append(written.stream().map(Waiting::body).toList());
    } catch (IOException e) {
      EventsException why = IoFailure.of(e);
      failure = why;
      written.forEach(waiting -> waiting.position().completeExceptionally(why));
      return;
    }
    failure = null;
    List<Event> events = new ArrayList<>(written.size());
    for (Waiting waiting : written) {
      duplicates.add(waiting.key(), position);
      events.add(waiting.event().toBuilder().setPosition(position++).build());
    }
    published.add(written.size());
    listener.committed(events);
    for (int i = 0; i < written.size(); i++) {
      written.get(i).position().complete(events.get(i).getPosition());
    }
  }

  private void refuse(EventsException why) {
    List<Waiting> left;
    synchronized (queue) {
      closed = true;
      left = List.copyOf(queue);
      queue.clear();
    }
    left.forEach(waiting -> waiting.position().completeExceptionally(why));
  }

  /** Why the last events could not be written; null when they could. */
  @Nullable EventsException failure() {
    return failure;
  }

  /** How many events were appended since the start. */
  long published() {
    return published.sum();
  }

  /** How many were published again since the start. */
  long repeated() {
    return repeated.sum();
  }

  /** Writes what waits, and ends. */
  @Override
  public void close() {
    synchronized (queue) {
      closed = true;
      queue.notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
