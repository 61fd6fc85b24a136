package blackhole.indexer.feed;

import blackhole.api.events.Event;
import blackhole.api.events.EventListener;
import blackhole.indexer.index.DocumentIndex;
import blackhole.indexer.index.Progress;
import blackhole.storage.v1.BlobDeleted;
import blackhole.storage.v1.BlobStored;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the index at what storage holds: takes in what events announce, from where the index is,
 * and in each generation looks once at all that storage lists, as the event stream doesn't keep its
 * events for ever. What cannot be done now is tried until it can.
 *
 * <p>Thread-safe. The index is changed under the lock of this object, by the thread that delivers
 * events and by the one that lists; what they do between tries is not.
 */
public final class Feed implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Feed.class.getName());
  private static final String STORED = "blob.stored";
  private static final String DELETED = "blob.deleted";

  private final IndexHolder holder;
  private final Intake intake;
  private final BlobSource blobs;
  private final Subscriptions subscriptions;
  private final ExecutorService lister = executor("indexer-list");
  private final ScheduledExecutorService committer;
  private final Retries retries;
  private final CountDownLatch closed = new CountDownLatch(1);

  // guarded by this
  private @Nullable Following following;
  private Subscriptions.@Nullable Subscription subscription;

  /** Why the last try failed; empty when it didn't. */
  private volatile String trouble = "";

  private volatile String commitTrouble = "";

  /**
   * How long to wait before the next try.
   *
   * @param first after the first failure; doubled with each that follows
   */
  public record Retries(Duration first, Duration last) {}

  public Feed(
      IndexHolder holder,
      Intake intake,
      BlobSource blobs,
      Subscriptions subscriptions,
      Retries retries,
      Duration commitInterval) {
    this.holder = holder;
    this.intake = intake;
    this.blobs = blobs;
    this.subscriptions = subscriptions;
    this.retries = retries;
    this.committer =
        Executors.newSingleThreadScheduledExecutor(task -> thread(task, "indexer-commit"));
    var unused =
        committer.scheduleWithFixedDelay(
            this::commit, commitInterval.toNanos(), commitInterval.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static ExecutorService executor(String name) {
    return Executors.newSingleThreadExecutor(task -> thread(task, name));
  }

  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Goes on where the index is. Returns at once. */
  public synchronized void start() {
    Progress progress = holder.get().progress();
    follow(progress.position() + 1);
    if (!progress.complete()) {
      list(progress.generation());
    }
  }

  /**
   * Begins to build the index anew.
   *
   * @return the generation that has begun
   */
  public synchronized long rebuild() {
    DocumentIndex index = holder.get();
    index.beginGeneration();
    long generation = index.progress().generation();
    LOG.log(Level.INFO, "the index is built anew, generation {0}", generation);
    follow(1);
    list(generation);
    return generation;
  }

  /** What keeps it from going on; empty if nothing does. */
  public String trouble() {
    return commitTrouble.isEmpty() ? trouble : commitTrouble;
  }

  private void follow(long from) {
    Subscriptions.Subscription old = subscription;
    if (old != null) {
      old.close();
    }
    Following next = new Following(from);
    following = next;
    subscription = subscriptions.subscribe(next);
  }

  /** Events from a position on; of no effect once there is another. */
  private final class Following implements EventListener {
    private final long from;

    Following(long from) {
      this.from = from;
    }

    /** One stream, so that what is said of one blob comes in order. */
    @Override
    public List<String> types() {
      return List.of("blob.*");
    }

    @Override
    public long from() {
      return from;
    }

    @Override
    public void onEvent(Event event) {
      untilDone("event " + event.position(), () -> Feed.this.take(this, event));
    }
  }

  /** What is tried until it doesn't fail. */
  private interface Step {
    void run() throws IOException;
  }

  private synchronized void take(Following by, Event event) throws IOException {
    if (by != following || closed.getCount() == 0) {
      return;
    }
    DocumentIndex index = index();
    if (by != following) {
      return; // it was opened anew, and is followed anew
    }
    long reached = index.progress().position();
    if (event.position() < reached) {
      LOG.log(
          Level.WARNING,
          "the event stream has begun anew, at {0} after {1}",
          event.position(),
          reached);
      long unused = rebuild();
      return;
    }
    try {
      switch (event.type()) {
        case STORED -> stored(index, event);
        case DELETED -> deleted(index, event);
        default -> {} // of a kind that came later
      }
    } catch (InvalidProtocolBufferException e) {
      LOG.log(Level.WARNING, "event {0} is passed over: {1}", event.position(), e.getMessage());
    }
    index.reached(event.position());
  }

  private void stored(DocumentIndex index, Event event) throws InvalidProtocolBufferException {
    if (event.data().isPresent()) {
      BlobStored blob = event.data().get().unpack(BlobStored.class);
      intake.take(index, blob.getCid(), blob.getSize(), blob.getStoredBy());
    }
  }

  private void deleted(DocumentIndex index, Event event) throws InvalidProtocolBufferException {
    if (event.data().isPresent()) {
      intake.remove(index, event.data().get().unpack(BlobDeleted.class).getCid());
    }
  }

  /** The index, which is opened anew if it failed: then events are to come again, too. */
  private DocumentIndex index() throws IOException {
    if (holder.mend()) {
      LOG.log(Level.WARNING, "the index was opened again, as of its last commit");
      start();
    }
    return holder.get();
  }

  private void list(long generation) {
    try {
      lister.execute(() -> listAll(generation));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "closed before all blobs were listed", e);
    }
  }

  private void listAll(long generation) {
    String token = "";
    do {
      String asked = token;
      BlobSource.Page[] page = new BlobSource.Page[1];
      if (!untilDone("the list of blobs", () -> page[0] = blobs.list(asked))) {
        return;
      }
      for (BlobSource.Listed blob : page[0].blobs()) {
        if (!untilDone("blob " + blob.cid(), () -> take(generation, blob))) {
          return;
        }
      }
      token = page[0].next();
    } while (!token.isEmpty() && isCurrent(generation));
    boolean unused = untilDone("the end of the list", () -> complete(generation));
  }

  private boolean isCurrent(long generation) {
    return holder.get().progress().generation() == generation;
  }

  private synchronized void take(long generation, BlobSource.Listed blob) throws IOException {
    DocumentIndex index = index();
    if (isCurrent(generation) && !index.isCurrent(blob.cid())) {
      intake.take(index, blob.cid(), blob.sizeBytes(), "");
    }
  }

  private synchronized void complete(long generation) throws IOException {
    DocumentIndex index = index();
    if (isCurrent(generation) && !index.progress().complete()) {
      index.completeGeneration();
      LOG.log(Level.INFO, "generation {0} of the index is complete", generation);
    }
  }

  private synchronized void commit() {
    try {
      if (closed.getCount() > 0) {
        index().commit();
        commitTrouble = "";
      }
    } catch (IOException | RuntimeException e) {
      // of any type: a task that throws is not run again
      commitTrouble = "the index cannot be written: " + e.getMessage();
      LOG.log(Level.WARNING, "a commit of the index failed", e);
    }
  }

  /** False if it was closed before it could be done. */
  private boolean untilDone(String what, Step step) {
    Duration delay = retries.first();
    while (closed.getCount() > 0) {
      try {
        step.run();
        trouble = "";
        return true;
      } catch (IOException | RuntimeException e) {
        trouble = what + " waits: " + e.getMessage();
        LOG.log(Level.DEBUG, "{0} waits: {1}", what, e);
      }
      try {
        if (closed.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
          return false;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      Duration twice = delay.multipliedBy(2);
      delay = twice.compareTo(retries.last()) < 0 ? twice : retries.last();
    }
    return false;
  }

  /** Nothing is changed in the index any more when this returns. */
  @Override
  public void close() throws InterruptedException {
    closed.countDown();
    blobs.close();
    synchronized (this) {
      following = null;
      Subscriptions.Subscription open = subscription;
      if (open != null) {
        open.close();
      }
    }
    // not interrupted: that would close the files that a thread is at
    lister.shutdown();
    committer.shutdown();
    boolean lists = lister.awaitTermination(30, TimeUnit.SECONDS);
    boolean commits = committer.awaitTermination(30, TimeUnit.SECONDS);
    if (!lists || !commits) {
      LOG.log(Level.WARNING, "the index is closed while it is being changed");
    }
  }
}
