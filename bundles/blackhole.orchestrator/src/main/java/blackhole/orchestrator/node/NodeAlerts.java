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
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the node after each sample, and whenever an instance comes or is given up, and tells of
 * alerts that begin and end. Thread-safe; looks are on {@code workers}, one at a time.
 */
final class NodeAlerts implements Alerts {
  private static final Logger LOG = System.getLogger(NodeAlerts.class.getName());

  /** Hosts are asked at each so many samples: most alerts take minutes anyway. */
  private static final int SAMPLES_BETWEEN_CALLS = 3;

  private static final Duration BETWEEN_FILES = Duration.ofMinutes(1);

  private static final Set<AlertRule> OF_CALLS =
      EnumSet.of(AlertRule.BREAKER_OPEN, AlertRule.EVENT_LAG);
  private static final Set<AlertRule> OF_FILES =
      EnumSet.of(
          AlertRule.CERTIFICATE_EXPIRES,
          AlertRule.CERTIFICATE_EXPIRED,
          AlertRule.DISK_SPACE_LOW,
          AlertRule.DISK_FULL);

  private final AlertConfig config;
  private final AlertEyes eyes;
  private final AlertFile file;
  private final Listener listener;
  private final Executor workers;
  private final List<Watch> watchers = new CopyOnWriteArrayList<>();
  private final AtomicBoolean due = new AtomicBoolean();

  // guarded by this
  private final AlertBook book;
  private final InstanceRules instances;
  private boolean begun;
  private boolean closed;
  private long rounds;
  private @Nullable Long filesReadNanos;
  private List<Reading> ofFiles = List.of();

  /** What hosts said last; null until they did. */
  private @Nullable List<Reading> ofCalls;

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
    synchronized (this) {
      long nowNanos = System.nanoTime();
      Kept kept = file.read();
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

  /** A regular look, which may read files, and ask hosts for what the next looks go by. */
  void round() {
    try {
      ask();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "cannot ask for what is alarming", e);
    }
    look();
  }

  private void ask() {
    boolean hostsToo;
    synchronized (this) {
      hostsToo = !closed && rounds++ % SAMPLES_BETWEEN_CALLS == 0;
      readFiles();
    }
    if (hostsToo) {
      eyes.calls()
          .whenComplete(
              (readings, failure) -> {
                if (failure == null) {
                  synchronized (this) {
                    ofCalls = readings;
                  }
                }
              });
    }
  }

  private synchronized void readFiles() {
    long now = System.nanoTime();
    Long before = filesReadNanos;
    if (!closed && (before == null || now - before >= BETWEEN_FILES.toNanos())) {
      filesReadNanos = now;
      ofFiles = eyes.home();
    }
  }

  private void look() {
    due.set(false);
    boolean turned = false;
    try {
      turned = lookAtAll();
    } catch (RuntimeException e) {
      // what comes of it must not end the thread, which has others to serve
      LOG.log(Level.ERROR, "cannot tell what is alarming", e);
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

  private synchronized boolean lookAtAll() {
    if (closed || !begun) {
      return false;
    }
    long nowNanos = System.nanoTime();
    List<Reading> readings = new ArrayList<>(instances.read(eyes.instances(), nowNanos));
    Set<AlertRule> unobserved = EnumSet.noneOf(AlertRule.class);
    List<Reading> calls = ofCalls;
    if (calls == null) {
      unobserved.addAll(OF_CALLS);
    } else {
      readings.addAll(calls);
    }
    if (filesReadNanos == null) {
      unobserved.addAll(OF_FILES);
    }
    readings.addAll(ofFiles);
    readings.removeIf(reading -> config.off().contains(reading.key().rule()));
    long before = book.changes();
    List<AlertBook.Turn> turns = book.look(readings, unobserved, nowNanos, now());
    if (book.changes() != before) {
      file.write(book.kept(nowNanos));
    }
    turns.forEach(listener::turned);
    return !turns.isEmpty();
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
  public synchronized List<Alert> silence(String alert, Duration atMost, String who) {
    int slash = alert.indexOf('/');
    String name = slash < 0 ? alert : alert.substring(0, slash);
    if (AlertRule.of(name).isEmpty()) {
      throw new IllegalArgumentException("there is no alert '" + name + "'");
    }
    long nowNanos = System.nanoTime();
    List<Alert> concerned = book.silence(alert, atMost, nowNanos, now());
    file.write(book.kept(nowNanos));
    listener.said(
        atMost.isZero()
            ? "alert " + alert + " is silent no more"
            : "alert " + alert + " is silent for " + atMost.toSeconds() + " s",
        who);
    return concerned;
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
  synchronized void close() {
    closed = true;
  }
}
