package blackhole.analytics.store;

import blackhole.analytics.count.Cell;
import blackhole.analytics.count.CellKey;
import blackhole.analytics.count.Observation;
import blackhole.analytics.count.Positions;
import blackhole.analytics.count.Positions.Verdict;
import blackhole.analytics.count.Window;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The cells that are being counted in, and when they are saved. Events change cells in memory only;
 * {@link #save} puts all that changed into the store, with the position of the last event in it.
 * Everything is guarded by this object.
 */
final class Counting {
  /** The type of what is of more types than are told apart; no event can have it. */
  static final String OTHER = "(other)";

  private static final System.Logger LOG = System.getLogger(Counting.class.getName());

  /** A clock may go wrong by this much; an event of later than that counts as one of now. */
  private static final long FUTURE_MILLIS = Duration.ofMinutes(1).toMillis();

  private static final Duration READ_LIMIT = Duration.ofSeconds(30);
  private static final Duration SAVE_LIMIT = Duration.ofSeconds(30);
  private static final long CLEANING_MILLIS = Duration.ofMinutes(1).toMillis();

  private static final class Open {
    final Cell cell;
    boolean changed;

    Open(Cell cell) {
      this.cell = cell;
    }
  }

  private final CellStore store;
  private final Limits limits;
  private final int maxOpen;
  private final Clock clock;
  private final Map<CellKey, Open> open = new HashMap<>();
  private final Set<String> types;
  private final Positions positions;

  private long events;
  private long savedPosition;
  private boolean changed;
  private long cleanedMillis;
  private long again;
  private long replaced;
  private long late;
  private long other;

  Counting(CellStore store, Limits limits, Clock clock) {
    this.store = store;
    this.limits = limits;
    this.clock = clock;
    // those of the present, and as many that come late
    this.maxOpen = 2 * Window.values().length * (limits.maxTypes() + 1);
    Saved saved = store.saved(Within.of(READ_LIMIT));
    types = store.types(Within.of(READ_LIMIT));
    positions = new Positions(saved.position(), saved.name());
    savedPosition = saved.position();
    events = saved.events();
  }

  /** Of the last event that is counted. */
  synchronized long position() {
    return positions.last();
  }

  /**
   * Where to go on in the stream: at the last event again, if its name is known, as a log that took
   * the place of this one has another event there.
   */
  synchronized long from() {
    return positions.lastName().isEmpty() ? positions.last() + 1 : positions.last();
  }

  /** How often another stream came. */
  synchronized long replaced() {
    return replaced;
  }

  /**
   * Counts an event, once however often it comes.
   *
   * @throws StoreException if it was not counted; then it has to come again
   */
  synchronized void add(Observation event) {
    makeRoom();
    Map<CellKey, Open> cells = cells(event); // all that may fail comes before anything changes
    long before = positions.last();
    Verdict verdict = positions.next(event);
    if (verdict == Verdict.AGAIN) {
      again++;
      return;
    }
    if (verdict == Verdict.OTHER_STREAM) {
      replaced++;
      LOG.log(
          Level.WARNING,
          "the event stream is another one: after the event at {0} comes a new one at {1}; it is"
              + " counted from there, and what it had before is not",
          Long.toString(before),
          Long.toString(event.position()));
    }
    changed = true;
    events++;
    if (cells.size() < Window.values().length) {
      late++;
    }
    cells.forEach(
        (key, found) -> {
          open.put(key, found);
          found.cell.add(event);
          found.changed = true;
          if (key.type().equals(OTHER)) {
            other++;
          } else {
            types.add(key.type());
          }
        });
  }

  private void makeRoom() {
    if (open.size() + Window.values().length > maxOpen) {
      save();
      open.clear();
    }
  }

  /** Those of the event's windows that are kept. */
  private Map<CellKey, Open> cells(Observation event) {
    long now = clock.millis();
    long time = event.timeMillis() > now + FUTURE_MILLIS ? now : event.timeMillis();
    boolean known = types.contains(event.type());
    String type = known || types.size() < limits.maxTypes() ? event.type() : OTHER;
    Map<CellKey, Open> cells = new HashMap<>();
    for (Window window : Window.values()) {
      long start = window.startOf(time);
      if (start >= limits.oldest(window, now)) {
        CellKey key = new CellKey(window, start, type);
        Open found = open.get(key);
        cells.put(key, found == null ? new Open(load(key)) : found);
      }
    }
    return cells;
  }

  private Cell load(CellKey key) {
    return store.find(key, Within.of(READ_LIMIT)).orElseGet(Cell::new);
  }

  /**
   * All that was counted is on disk when this returns.
   *
   * @throws StoreException if it is not; then all is as before, and may be tried again
   */
  synchronized void save() {
    if (changed) {
      Map<CellKey, byte[]> cells = new HashMap<>();
      open.forEach(
          (key, cell) -> {
            if (cell.changed) {
              cells.put(key, cell.cell.encode());
            }
          });
      store.save(
          cells, new Saved(positions.last(), events, positions.lastName()), Within.of(SAVE_LIMIT));
      savedPosition = positions.last();
      changed = false;
      open.values().forEach(cell -> cell.changed = false);
    }
    long now = clock.millis();
    open.keySet().removeIf(key -> key.start() + key.window().millis() <= now);
    if (now - cleanedMillis >= CLEANING_MILLIS) {
      types.removeAll(store.forget(oldest(now), Within.of(SAVE_LIMIT)));
      cleanedMillis = now;
    }
  }

  private Map<Window, Long> oldest(long now) {
    Map<Window, Long> oldest = new EnumMap<>(Window.class);
    for (Window window : Window.values()) {
      oldest.put(window, limits.oldest(window, now));
    }
    return oldest;
  }

  /** Copies of the open cells of a range that are of these types. */
  synchronized Map<CellKey, Cell> copies(
      Window window, long from, long to, Predicate<String> wanted) {
    Map<CellKey, Cell> copies = new HashMap<>();
    open.forEach(
        (key, cell) -> {
          if (cell.changed
              && key.window() == window
              && key.start() >= from
              && key.start() < to
              && wanted.test(key.type())) {
            copies.put(key, Cell.decode(cell.cell.encode()));
          }
        });
    return copies;
  }

  synchronized Map<String, Double> numbers() {
    return Map.of(
        "analytics_events_total", (double) events,
        "analytics_position", (double) positions.last(),
        "analytics_saved_position", (double) savedPosition,
        "analytics_repeated_total", (double) again,
        "analytics_late_total", (double) late,
        "analytics_replaced_streams_total", (double) replaced,
        "analytics_other_total", (double) other,
        "analytics_types", (double) types.size(),
        "analytics_open_cells", (double) open.size());
  }
}
