package blackhole.indexer.feed;

import blackhole.api.events.Event;
import blackhole.api.events.EventListener;
import blackhole.api.events.Payload;
import blackhole.storage.v1.BlobDeleted;
import blackhole.storage.v1.BlobStored;
import com.google.protobuf.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A stream of events: each subscription is a thread that delivers them, from where it asks for. */
public final class TestStream implements Subscriptions, AutoCloseable {
  private final ExecutorService threads = Executors.newCachedThreadPool();

  // guarded by this
  private final List<Event> events = new ArrayList<>();
  private final List<Long> asked = new ArrayList<>();
  private boolean closed;

  public void stored(String cid, long size, String by) {
    add("blob.stored", BlobStored.newBuilder().setCid(cid).setSize(size).setStoredBy(by).build());
  }

  public void deleted(String cid) {
    add("blob.deleted", BlobDeleted.newBuilder().setCid(cid).build());
  }

  public synchronized void add(String type, Message data) {
    long position = events.size() + 1L;
    events.add(
        new Event(
            "id-" + position,
            type,
            "storage",
            Instant.EPOCH,
            Optional.of(Payload.of(data)),
            "",
            position));
    notifyAll();
  }

  /** As if it were another: positions begin at 1 again. */
  public synchronized void lose() {
    events.clear();
  }

  /** Where subscriptions began. */
  public synchronized List<Long> asked() {
    return List.copyOf(asked);
  }

  @Override
  public Subscription subscribe(EventListener listener) {
    synchronized (this) {
      asked.add(listener.from());
    }
    boolean[] over = new boolean[1];
    var unused = threads.submit(() -> deliver(listener, over));
    return () -> {
      synchronized (this) {
        over[0] = true;
        notifyAll();
      }
    };
  }

  private void deliver(EventListener listener, boolean[] over) {
    int next = (int) listener.from() - 1;
    while (true) {
      Event event;
      synchronized (this) {
        while (!closed && !over[0] && next >= events.size()) {
          if (next > events.size()) {
            next = 0; // of another stream
            continue;
          }
          try {
            wait();
          } catch (InterruptedException e) {
            return;
          }
        }
        if (closed || over[0]) {
          return;
        }
        event = events.get(next++);
      }
      listener.onEvent(event);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    threads.shutdown();
  }
}
