package blackhole.sqlite.outbox;

import blackhole.api.events.EventBus;
import blackhole.api.observe.TraceContext;
import blackhole.sqlite.outbox.Outbox.Entry;
import io.grpc.Context;
import io.grpc.Status;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes what is in an outbox, in order, on a thread of its own: when something was added, when
 * it starts, and now and then, for what a process left there that is gone. An event leaves the
 * outbox when it was acknowledged; so it is published at least once, and the stream drops what
 * comes again, by source and id.
 *
 * <p>The next one is published when all before it were acknowledged, whoever published those. So
 * the first of each come in order even where two processes publish at once, or one goes on after a
 * long pause; {@link Turn} only spares them the work.
 */
public final class OutboxPublisher implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(OutboxPublisher.class.getName());

  private static final int BATCH = 64;
  private static final Duration DATABASE_LIMIT = Duration.ofSeconds(15);
  private static final Duration METRICS_LIMIT = Duration.ofMillis(200);

  /** Of a call that has no deadline; it is made again, and known again. */
  private static final Duration PUBLISH_LIMIT = Duration.ofMinutes(2);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
  private static final Duration TURN_PAUSE = Duration.ofMillis(200);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final Outbox outbox;
  private final EventBus bus;
  private final Turn turn;
  private final Outages outages = new Outages();
  private final AtomicLong published = new AtomicLong();
  private final Semaphore changes = new Semaphore(0);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private OutboxPublisher(Outbox outbox, EventBus bus, Turn turn) {
    this.outbox = outbox;
    this.bus = bus;
    this.turn = turn;
    this.thread = new Thread(this::run, "outbox");
    thread.setDaemon(true);
  }

  /**
   * Starts to publish.
   *
   * @param directory the service's data, which the processes share that publish from this outbox
   * @throws IOException if a file cannot be opened there
   */
  public static OutboxPublisher start(Outbox outbox, EventBus bus, Path directory)
      throws IOException {
    OutboxPublisher publisher =
        new OutboxPublisher(outbox, bus, new Turn(directory.resolve("outbox.lock")));
    outbox.onChange(publisher.changes::release);
    publisher.thread.start();
    return publisher;
  }

  private void run() {
    try {
      while (!isClosedWithin(Duration.ZERO)) {
        step();
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private void step() throws InterruptedException {
    changes.drainPermits();
    try (FileLock mine = turn.take()) {
      if (mine != null) {
        publishAll();
      } else if (isClosedWithin(TURN_PAUSE) || !isEmpty()) {
        return;
      }
    } catch (IOException | RuntimeException e) {
      // the database's failures are the service's own kind
      if (!isClosedWithin(Duration.ZERO)) {
        boolean unused = isClosedWithin(outages.failed(e));
      }
      return;
    }
    boolean unused = changes.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean isEmpty() {
    return outbox.oldest(1, Limit.of(DATABASE_LIMIT)).isEmpty();
  }

  private void publishAll() throws InterruptedException {
    List<Entry> entries = outbox.oldest(BATCH, Limit.of(DATABASE_LIMIT));
    while (!entries.isEmpty()) {
      long done = 0;
      try {
        for (Entry entry : entries) {
          publish(entry);
          done = entry.sequence();
        }
      } finally {
        if (done > 0) {
          outbox.clear(done, Limit.of(DATABASE_LIMIT));
        }
      }
      entries = outbox.oldest(BATCH, Limit.of(DATABASE_LIMIT));
    }
  }

  private void publish(Entry entry) throws InterruptedException {
    try {
      long unused = begin(entry).get(PUBLISH_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      published.incrementAndGet();
      outages.over();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (Status.fromThrowable(cause).getCode() != Status.Code.INVALID_ARGUMENT) {
        throw new NotPublished(cause);
      }
      // it would be refused for ever, and those behind it would wait as long
      LOG.log(Level.ERROR, "the event stream refuses " + entry.event(), cause);
    } catch (TimeoutException e) {
      throw new NotPublished(e);
    }
  }

  /** In the trace of what made the fact, however long ago that was. */
  private CompletableFuture<Long> begin(Entry entry) {
    TraceContext trace = TraceContext.parse(entry.trace());
    Context context = trace == null ? Context.ROOT : trace.in(Context.ROOT);
    Context before = context.attach();
    try {
      return bus.publish(entry.event());
    } finally {
      context.detach(before);
    }
  }

  /** Waits, and returns true if it is closed meanwhile. */
  private boolean isClosedWithin(Duration time) throws InterruptedException {
    return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** For {@code ServiceMetrics}. */
  public Map<String, Double> metrics() {
    return Map.of(
        "outbox_events", (double) outbox.size(Limit.of(METRICS_LIMIT)),
        "outbox_published_total", (double) published.get(),
        "outbox_dropped_total", (double) outbox.dropped());
  }

  /** What is not published yet stays for the next. */
  @Override
  public void close() {
    outbox.onChange(() -> {});
    closed.countDown();
    thread.interrupt();
    try {
      thread.join(STOP_LIMIT.toMillis());
      turn.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the outbox's lock could not be closed", e);
    }
  }

  /** An event was not acknowledged. */
  static final class NotPublished extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotPublished(Throwable cause) {
      super(cause);
    }
  }
}
