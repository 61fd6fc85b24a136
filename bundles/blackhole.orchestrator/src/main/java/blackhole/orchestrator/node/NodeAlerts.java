package blackhole.orchestrator.node;

import blackhole.api.supervision.Alerts;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.Supervisor;
import blackhole.orchestrator.alert.AlertBook;
import blackhole.orchestrator.alert.AlertFile;
import blackhole.orchestrator.alert.Delay;
import blackhole.orchestrator.alert.InstanceRules;
import blackhole.orchestrator.alert.Kept;
import blackhole.orchestrator.alert.Reading;
import blackhole.orchestrator.config.AlertConfig;
import blackhole.orchestrator.config.AlertRule;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Looks at the node after each sample, and whenever an instance comes or is given up, and tells of
 * alerts that begin and end. Thread-safe; looks are on {@code workers}, one at a time. What waits
 * for the disk holds up neither {@link #alerts} nor, for more than a second, {@link #close}.
 */
final class NodeAlerts implements Alerts {
  private static final Logger LOG = System.getLogger(NodeAlerts.class.getName());

  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  private final AlertConfig config;
  private final AlertEyes eyes;
  private final AlertReadings others;
  private final AlertFile file;
  private final Listener listener;
  private final Executor workers;
  private final List<Watch> watchers = new CopyOnWriteArrayList<>();
  private final AtomicBoolean due = new AtomicBoolean();

  /** Held for a look and all that comes of it: so what is kept and told is in order. */
  private final ReentrantLock looking = new ReentrantLock();

  // guarded by this
  private final AlertBook book;
  private final InstanceRules instances;
  private boolean begun;
  private boolean closed;

  /** Who is told, in this order; must not block. */
  interface Listener {
    void turned(AlertBook.Turn turn);

    void said(String words, String who);
  }

  /**
   * @param state where alerts are kept
   * @param memoryThresholds of services' classes
   */
  NodeAlerts(
      AlertConfig config,
      AlertEyes eyes,
      Path state,
      Function<String, OptionalDouble> memoryThresholds,
      Listener listener,
      Executor workers) {
    this.config = config;
    this.eyes = eyes;
    this.others = new AlertReadings(eyes, this::execute);
    this.file = new AlertFile(state.resolve("alerts.json"));
    this.listener = listener;
    this.workers = workers;
    this.book = new AlertBook(rule -> Delay.of(config, rule));
    this.instances = new InstanceRules(config, memoryThresholds);
  }

  /**
   * Goes on with what was known, and looks, from {@link #begin} on, whenever an instance comes or
   * is given up.
   */
  void start(Supervisor supervisor) {
    Kept kept = file.read();
    synchronized (this) {
      long nowNanos = System.nanoTime();
      book.restore(kept, nowNanos, now());
      kept.active().forEach(one -> instances.restore(one.key(), nowNanos));
    }
    // watched for the life of the process
    AutoCloseable unused =
        supervisor.watch(
            status -> {
              boolean turns =
                  status.state() == InstanceState.FAILED
                      || status.state() == InstanceState.BACKOFF
                      || status.state() == InstanceState.READY
                      || status.state() == InstanceState.STOPPED;
              if (turns && due.compareAndSet(false, true)) {
                execute(this::look);
              }
            });
  }

  /** To the millisecond: what is shown and what is kept are then the same. */
  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private void execute(Runnable task) {
    try {
      workers.execute(task);
    } catch (RejectedExecutionException e) {
      // the process ends
    }
  }

  /** A regular look, which has files read and hosts asked, for what the next looks go by. */
  void round() {
    try {
      if (!isClosed()) {
        others.ask(this::look);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "cannot ask for what is alarming", e);
    }
    look();
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void look() {
    boolean turned = false;
    looking.lock();
    try {
      due.set(false);
      turned = lookAtAll();
    } catch (RuntimeException e) {
      // what comes of it must not end the thread, which has others to serve
      LOG.log(Level.ERROR, "cannot tell what is alarming", e);
    } finally {
      looking.unlock();
    }
    if (turned) {
      watchers.forEach(Watch::tell);
    }
  }

  /** All instances are on their way: before that they look as if somebody had stopped them. */
  void begin() {
    synchronized (this) {
      begun = true;
    }
    execute(this::look);
  }

  private boolean lookAtAll() {
    List<InstanceRules.Facts> facts = eyes.instances();
    List<AlertBook.Turn> turns;
    Optional<Kept> changed;
    synchronized (this) {
      if (closed || !begun) {
        return false;
      }
      long nowNanos = System.nanoTime();
      long before = book.changes();
      turns = turns(facts, nowNanos);
      changed = book.changes() == before ? Optional.empty() : Optional.of(book.kept(nowNanos));
    }
    // first: what is told twice is worse than what is not told
    changed.ifPresent(file::write);
    turns.forEach(listener::turned);
    return !turns.isEmpty();
  }

  private synchronized List<AlertBook.Turn> turns(List<InstanceRules.Facts> facts, long nowNanos) {
    List<Reading> readings = new ArrayList<>(instances.read(facts, nowNanos));
    Set<AlertRule> unobserved = others.addTo(readings);
    readings.removeIf(reading -> config.off().contains(reading.key().rule()));
    return book.look(readings, unobserved, nowNanos, now());
  }

  @Override
  public synchronized List<Alert> alerts() {
    return book.alerts(System.nanoTime());
  }

  @Override
  public List<String> names() {
    return Arrays.stream(AlertRule.values()).map(AlertRule::word).toList();
  }

  @Override
  public List<Alert> silence(String alert, Duration atMost, String who) {
    int slash = alert.indexOf('/');
    String name = slash < 0 ? alert : alert.substring(0, slash);
    if (AlertRule.of(name).isEmpty()) {
      throw new IllegalArgumentException("there is no alert '" + name + "'");
    }
    looking.lock();
    try {
      List<Alert> concerned;
      Kept kept;
      synchronized (this) {
        long nowNanos = System.nanoTime();
        concerned = book.silence(alert, atMost, nowNanos, now());
        kept = book.kept(nowNanos);
      }
      file.write(kept);
      listener.said(
          atMost.isZero()
              ? "alert " + alert + " is silent no more"
              : "alert " + alert + " is silent for " + atMost.toSeconds() + " s",
          who);
      return concerned;
    } finally {
      looking.unlock();
    }
  }

  @Override
  public AutoCloseable watch(Runnable watcher) {
    Watch watch = new Watch(watcher);
    watchers.add(watch);
    return watch;
  }

  /** Its own object for each, so that one that watches twice may close once. */
  private final class Watch implements AutoCloseable {
    private final Runnable watcher;

    Watch(Runnable watcher) {
      this.watcher = watcher;
    }

    void tell() {
      try {
        watcher.run();
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a watcher of alerts failed", e);
      }
    }

    @Override
    public void close() {
      watchers.remove(this);
    }
  }

  @Override
  public Optional<URI> webhook() {
    return config.webhook();
  }

  /** The node stops: what ends now is no news, and what holds is for the next orchestrator. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    try {
      // what has turned already is kept and told, unless the disk hangs
      if (looking.tryLock(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        looking.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
