package blackhole.analytics.store;

import blackhole.analytics.count.Cell;
import blackhole.analytics.count.CellKey;
import blackhole.analytics.count.Observation;
import blackhole.analytics.count.Totals;
import blackhole.analytics.count.Window;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts events, and says what they come to. Counts are saved once in a while by a thread of its
 * own. Thread-safe.
 */
public final class Analytics implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Analytics.class.getName());
  private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

  /** What is asked for: windows of one length that begin in a range, of some types. */
  public record Question(Window window, long from, long to, Predicate<String> types) {}

  private final CellStore store;
  private final Counting counting;
  private final Clock clock;
  private final ScheduledThreadPoolExecutor saver;
  private final Object closing = new Object();

  // guarded by closing
  private boolean closed;

  private volatile @Nullable String problem;

  private Analytics(CellStore store, Limits limits, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.counting = new Counting(store, limits, clock);
    this.saver =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "blackhole-analytics-saver");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Opens the counts that are there, or none.
   *
   * @param saveInterval between two saves
   * @throws IOException naming the file that cannot be opened
   */
  public static Analytics open(Path directory, Limits limits, Duration saveInterval, Clock clock)
      throws IOException {
    CellStore store = CellStore.open(directory, limits.cacheBytes());
    try {
      Analytics analytics = new Analytics(store, limits, clock);
      var unused =
          analytics.saver.scheduleWithFixedDelay(
              analytics::trySave,
              saveInterval.toMillis(),
              saveInterval.toMillis(),
              TimeUnit.MILLISECONDS);
      return analytics;
    } catch (RuntimeException e) {
      store.close();
      throw new IOException("the counts in " + directory + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Of the last event that is counted; 0 for none. */
  public long position() {
    return counting.position();
  }

  /** The first position of the stream that is of interest, from 1. */
  public long from() {
    return counting.from();
  }

  /** How often this process has met another stream than the one that it had counted. */
  public long replacedStreams() {
    return counting.replaced();
  }

  /**
   * Counts an event. While the store fails it waits, as an event that is passed over would be
   * missing for ever.
   *
   * @throws IllegalStateException when this was closed: the event is not counted
   */
  public void add(Observation event) {
    while (true) {
      try {
        synchronized (closing) {
          if (closed) {
            throw new IllegalStateException("analytics is closed");
          }
          counting.add(event);
        }
        return;
      } catch (StoreException e) {
        failed(e);
        awaitRetry();
      }
    }
  }

  private void awaitRetry() {
    long deadline = System.nanoTime() + RETRY_NANOS;
    synchronized (closing) {
      try {
        for (long left = RETRY_NANOS; !closed && left > 0; left = deadline - System.nanoTime()) {
          TimeUnit.NANOSECONDS.timedWait(closing, left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("analytics is about to end", e);
      }
    }
  }

  private void trySave() {
    try {
      counting.save();
      problem = null;
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(RuntimeException e) {
    if (problem == null) {
      LOG.log(Level.ERROR, "counts cannot be saved; it is tried again", e);
    }
    problem = "counts cannot be saved: " + e.getMessage();
  }

  /** Why counts cannot be saved; empty when they can. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** All that was counted is on disk when this returns. */
  public void save() {
    counting.save();
  }

  /**
   * Windows in order, those without an event left out.
   *
   * @param limit how many at most
   * @throws StoreException if it cannot be said
   */
  public List<Summary> windows(Question question, int limit, Within patience) {
    Map<CellKey, Cell> fresh = fresh(question);
    TreeSet<Long> starts = new TreeSet<>();
    fresh.keySet().forEach(key -> starts.add(key.start()));
    TreeSet<Long> stored = new TreeSet<>();
    store.visit(
        question.window(),
        question.from(),
        question.to(),
        false,
        patience,
        (key, row) -> {
          if (question.types().test(key.type())) {
            stored.add(key.start());
          }
          return stored.size() <= limit;
        });
    starts.addAll(stored);
    while (starts.size() > limit) {
      starts.pollLast();
    }
    if (starts.isEmpty()) {
      return List.of();
    }
    SortedMap<Long, Totals> windows = new TreeMap<>();
    Question page =
        new Question(question.window(), question.from(), starts.last() + 1, question.types());
    visit(
        page,
        fresh,
        patience,
        (key, cell) -> windows.computeIfAbsent(key.start(), start -> new Totals()).add(cell));
    return windows.entrySet().stream()
        .map(entry -> new Summary(entry.getKey(), entry.getValue()))
        .toList();
  }

  /**
   * All of the range as one.
   *
   * @return empty where there was no event
   */
  public Optional<Summary> whole(Question question, Within patience) {
    Totals totals = new Totals();
    long[] first = {Long.MAX_VALUE};
    visit(
        question,
        fresh(question),
        patience,
        (key, cell) -> {
          first[0] = Math.min(first[0], key.start());
          totals.add(cell);
        });
    return totals.count() == 0 ? Optional.empty() : Optional.of(new Summary(first[0], totals));
  }

  /** All of the range, type by type. */
  public Map<String, Summary> types(Question question, Within patience) {
    Map<String, Summary> types = new HashMap<>();
    visit(
        question,
        fresh(question),
        patience,
        (key, cell) -> {
          Summary before = types.get(key.type());
          Totals totals = before == null ? new Totals() : before.totals();
          totals.add(cell);
          long start = before == null ? key.start() : Math.min(before.start(), key.start());
          types.put(key.type(), new Summary(start, totals));
        });
    return types;
  }

  private Map<CellKey, Cell> fresh(Question question) {
    return counting.copies(question.window(), question.from(), question.to(), question.types());
  }

  /** What is not saved yet stands for what was saved of it. */
  private void visit(
      Question question,
      Map<CellKey, Cell> fresh,
      Within patience,
      BiConsumer<CellKey, Cell> visitor) {
    store.visit(
        question.window(),
        question.from(),
        question.to(),
        true,
        patience,
        (key, row) -> {
          if (question.types().test(key.type()) && !fresh.containsKey(key)) {
            visitor.accept(key, CellStore.cell(row));
          }
          return true;
        });
    fresh.forEach(
        (key, cell) -> {
          if (key.start() < question.to()) {
            visitor.accept(key, cell);
          }
        });
  }

  public Clock clock() {
    return clock;
  }

  public Map<String, Double> numbers() {
    return counting.numbers();
  }

  /** What was counted is saved; an event that comes later is not counted. */
  @Override
  public void close() {
    synchronized (closing) {
      closed = true;
      closing.notifyAll();
    }
    saver.shutdown();
    try {
      if (!saver.awaitTermination(30, TimeUnit.SECONDS)) {
        LOG.log(Level.WARNING, "counts take long to be saved");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    trySave();
    store.close();
  }
}
