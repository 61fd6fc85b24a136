package blackhole.ledger.store;

import blackhole.ledger.call.Call;
import blackhole.ledger.call.LedgerException;
import blackhole.ledger.call.LedgerException.Reason;
import blackhole.ledger.entry.Draft;
import blackhole.ledger.entry.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that writes. Whatever waits when it comes round makes the next batch, and so
 * shares one wait for the disk: the slower that is, the larger the batches. Thread-safe.
 */
final class Writer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Writer.class.getName());

  /** What is counted for an entry beside its data, about what it takes in memory. */
  private static final int OVERHEAD = 512;

  /** Bytes at which a batch is full. */
  private static final int FULL = 1 << 20;

  private static final long CLOSE_SECONDS = 20;

  private final Path directory;
  private final CommitLog log;
  private final EntryIndex index;
  private final long capacity;
  private final Thread thread = new Thread(this::run, "ledger-writer");
  private final Object lock = new Object();

  // guarded by lock
  private final Queue<Waiting> queue = new ArrayDeque<>();
  private long queuedBytes;
  private boolean closed;

  /** The answer to an append. */
  record Appended(Entry entry, boolean before) {}

  private record Waiting(Draft draft, Call call, CompletableFuture<Appended> answer) {
    long bytes() {
      return OVERHEAD + draft.data().size();
    }

    /** An entry is there under this key. */
    void settle(Entry entry) {
      if (entry.draft().hasContentOf(draft)) {
        answer.complete(new Appended(entry, true));
      } else {
        answer.completeExceptionally(
            new LedgerException(
                Reason.KEY_REUSED,
                "the key stands for entry " + entry.index() + ", which says something else"));
      }
    }
  }

  private record Key(String account, String key) {
    static Key of(Waiting waiting) {
      return new Key(waiting.draft().account(), waiting.draft().key());
    }
  }

  /**
   * @param capacity bytes of entries that may wait
   */
  Writer(Path directory, CommitLog log, EntryIndex index, long capacity) {
    this.directory = directory;
    this.log = log;
    this.index = index;
    this.capacity = capacity;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * Completed on the writer's thread, when the entry is on disk or cannot be; what depends on it
   * must not block.
   */
  CompletableFuture<Appended> append(Draft draft, Call call) {
    Waiting waiting = new Waiting(draft, call, new CompletableFuture<>());
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.failedFuture(LedgerException.stopping());
      }
      // one that is larger than the room for all may still be alone in it
      if (!queue.isEmpty() && queuedBytes + waiting.bytes() > capacity) {
        return CompletableFuture.failedFuture(
            new LedgerException(
                Reason.OVERLOADED,
                "too much is waiting to be written (append_buffer is " + capacity + " bytes)"));
      }
      queue.add(waiting);
      queuedBytes += waiting.bytes();
      lock.notifyAll();
    }
    return waiting.answer();
  }

  int waiting() {
    synchronized (lock) {
      return queue.size();
    }
  }

  private void run() {
    try {
      for (List<Waiting> batch = take(); !batch.isEmpty(); batch = take()) {
        write(batch);
      }
    } catch (InterruptedException e) {
      LOG.log(System.Logger.Level.WARNING, "the writer was interrupted");
    } finally {
      stopTaking();
    }
  }

  /** Nothing when closed. */
  private List<Waiting> take() throws InterruptedException {
    synchronized (lock) {
      while (queue.isEmpty() && !closed) {
        lock.wait();
      }
      List<Waiting> batch = new ArrayList<>();
      long bytes = 0;
      while (!closed && !queue.isEmpty() && bytes < FULL) {
        Waiting next = queue.remove();
        batch.add(next);
        bytes += next.bytes();
      }
      queuedBytes -= bytes;
      return batch;
    }
  }

  private void write(List<Waiting> batch) {
    try {
      log.prepare();
      record(unrecorded(batch));
    } catch (RuntimeException | Error e) {
      // those that were answered don't notice
      batch.forEach(waiting -> waiting.answer().completeExceptionally(e));
      if (e instanceof Error error) {
        throw error;
      }
    }
  }

  /** Those whose keys are new, by key; the others are answered. */
  private Map<Key, List<Waiting>> unrecorded(List<Waiting> batch) {
    Map<Key, List<Waiting>> fresh = new LinkedHashMap<>();
    for (Waiting waiting : batch) {
      if (waiting.call().isOver()) {
        waiting.answer().completeExceptionally(LedgerException.timedOut());
        continue;
      }
      Key key = Key.of(waiting);
      OptionalLong known = index.find(key.account(), key.key(), Call.within(CommitLog.INDEX_LIMIT));
      if (known.isPresent()) {
        answer(waiting, known.getAsLong());
      } else {
        fresh.computeIfAbsent(key, unused -> new ArrayList<>()).add(waiting);
      }
    }
    return fresh;
  }

  private void answer(Waiting waiting, long known) {
    try (EntryReader reader = EntryReader.open(directory)) {
      Located located = index.find(known, Call.within(CommitLog.INDEX_LIMIT)).orElseThrow();
      EntryReader.Result result = reader.read(located);
      result.entry().ifPresent(waiting::settle);
      result.damage().ifPresent(damage -> waiting.answer().completeExceptionally(failure(damage)));
    } catch (IOException e) {
      waiting.answer().completeExceptionally(IoFailure.of(e, directory));
    }
  }

  static LedgerException failure(Damage damage) {
    return new LedgerException(Reason.ENTRY_DAMAGED, damage.toString());
  }

  private void record(Map<Key, List<Waiting>> fresh) {
    if (fresh.isEmpty()) {
      return;
    }
    List<Entry> entries =
        log.commit(fresh.values().stream().map(same -> same.get(0).draft()).toList());
    int next = 0;
    for (List<Waiting> same : fresh.values()) {
      Entry entry = entries.get(next++);
      same.get(0).answer().complete(new Appended(entry, false));
      same.subList(1, same.size()).forEach(waiting -> waiting.settle(entry));
    }
  }

  private void stopTaking() {
    List<Waiting> left;
    synchronized (lock) {
      closed = true;
      left = new ArrayList<>(queue);
      queue.clear();
      queuedBytes = 0;
      lock.notifyAll();
    }
    left.forEach(waiting -> waiting.answer().completeExceptionally(LedgerException.stopping()));
  }

  /** What waits fails; the batch that is being written is waited for. */
  @Override
  public void close() {
    stopTaking();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.log(System.Logger.Level.WARNING, "the disk has not taken the last batch yet");
    }
  }
}
