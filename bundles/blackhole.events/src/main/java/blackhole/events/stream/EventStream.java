package blackhole.events.stream;

import blackhole.events.call.EventsException;
import blackhole.events.call.EventsException.Reason;
import blackhole.events.log.LogReader;
import blackhole.events.log.LogRecord;
import blackhole.events.log.SegmentLog;
import blackhole.events.v1.Event;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The stream: a log that events are published into, and subscriptions that are served from it. An
 * event is seen by nobody before it is durable. Thread-safe; {@link #publish} doesn't block.
 */
public final class EventStream implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EventStream.class.getName());

  /** How often old events are looked for, and groups' positions are saved. */
  private static final long UPKEEP_MILLIS = 1000;

  private static final long END_SECONDS = 5;

  private final StreamSettings settings;
  private final SegmentLog log;
  private final GroupCommit commit;
  private final RecentEvents recent;
  private final Groups groups;
  private final DeliveryThreads threads = new DeliveryThreads();
  private final Counters counters = new Counters();
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

  private volatile long head;
  private volatile int segments;
  private boolean draining; // guarded by this

  /**
   * Opens the stream in a directory, and recovers it.
   *
   * @throws IOException saying what is wrong with it
   */
  public static EventStream open(Path directory, StreamSettings settings, Clock clock)
      throws IOException {
    SegmentLog log =
        SegmentLog.open(
            directory.resolve("log"), settings.segmentBytes(), settings.sync(), clock::millis);
    try {
      EventStream stream = new EventStream(directory, settings, clock, log);
      stream.start();
      return stream;
    } catch (IOException | RuntimeException e) {
      log.close();
      throw e;
    }
  }

  private EventStream(Path directory, StreamSettings settings, Clock clock, SegmentLog log)
      throws IOException {
    this.settings = settings;
    this.log = log;
    head = log.next() - 1;
    segments = log.segments();
    recent = new RecentEvents(settings.cacheBytes(), log.next());
    groups =
        new Groups(new GroupFile(directory.resolve("groups")), settings.maxGroups(), clock::millis);
    commit = new GroupCommit(log, duplicates(), new Listener(), UPKEEP_MILLIS);
  }

  private void start() throws IOException {
    groups.load(this::group);
    commit.start();
    threads.every(UPKEEP_MILLIS, this::keepGroups);
  }

  private DuplicateWindow duplicates() throws IOException {
    DuplicateWindow window = new DuplicateWindow(settings.duplicateWindow());
    try (LogReader reader = log.reader()) {
      LogRecord found = reader.next(Math.max(1, log.next() - window.size()));
      while (window.size() > 0 && found != null) {
        Event event = EventSource.event(found);
        if (event != null) {
          window.add(DuplicateWindow.key(event), event.getPosition());
        }
        found = reader.next(found.position() + 1);
      }
    }
    return window;
  }

  private final class Listener implements GroupCommit.Listener {
    @Override
    public void committed(List<Event> events) {
      events.forEach(recent::add);
      head = events.get(events.size() - 1).getPosition();
      for (Subscription subscription : subscriptions) {
        subscription.offer(events);
      }
      if (log.segments() != segments) {
        try {
          retain();
        } catch (IOException e) {
          LOG.log(Level.WARNING, "old events cannot be deleted: {0}", e.toString());
        }
      }
    }

    @Override
    public void upkeep() throws IOException {
      retain();
    }

    private void retain() throws IOException {
      int deleted = log.retain(settings.retentionBytes(), settings.retentionAge().toMillis());
      segments = log.segments();
      if (deleted > 0) {
        LOG.log(Level.INFO, "events before {0} are not kept any more", log.first());
      }
    }
  }

  private void keepGroups() {
    try {
      for (Subscription forgotten : groups.forget(settings.retentionAge().toMillis())) {
        subscriptions.remove(forgotten);
      }
      groups.saveChanged();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "positions of groups cannot be saved: {0}", e.toString());
    }
  }

  /**
   * Publishes an event, which has no position yet.
   *
   * @return its position, when it is durable; or that of the event with the same source and id. It
   *     fails with an {@link EventsException}
   */
  public CompletableFuture<Long> publish(Event event) {
    return commit.publish(event);
  }

  /** One who gets events. */
  public interface Subscriber {
    /** The position that it begins at: of no event yet, or of one that is perhaps not its type. */
    long from();

    /** Its sink is ready again. */
    void ready();

    /** It has gone. */
    void leave();
  }

  /**
   * Subscribes a sink, which may be sent events before this returns.
   *
   * @throws EventsException if it cannot be
   */
  public Subscriber subscribe(Wanted wanted, Sink sink) {
    synchronized (this) {
      if (draining) {
        throw EventsException.draining();
      }
      if (subscribers() >= settings.maxSubscribers()) {
        throw new EventsException(
            Reason.TOO_MANY_SUBSCRIBERS,
            "there are " + settings.maxSubscribers() + " subscribers (custom.max_subscribers)");
      }
      Subscription subscription = wanted.isGroup() ? group(wanted) : single(wanted);
      long from = subscription.position();
      return new Joined(subscription.join(sink, wanted.acknowledges()), from);
    }
  }

  private record Joined(Subscription.Member member, long from) implements Subscriber {
    @Override
    public void ready() {
      member.ready();
    }

    @Override
    public void leave() {
      member.leave();
    }
  }

  /**
   * Who was sent these events as a member of a group has done with them; they are not sent again.
   *
   * @param positions also of events that were acknowledged before, or not sent to anybody yet
   * @throws EventsException {@link Reason#GROUP_NOT_FOUND}
   */
  public void acknowledge(String group, Collection<Long> positions) {
    subscriptions.stream()
        .filter(subscription -> subscription.isGroup(group))
        .findFirst()
        .orElseThrow(
            () -> new EventsException(Reason.GROUP_NOT_FOUND, "there is no group " + group))
        .acknowledge(positions);
  }

  private Subscription single(Wanted wanted) {
    SlowPolicy policy = wanted.policy() == null ? SlowPolicy.DROP_NEWEST : wanted.policy();
    Subscription made =
        make(
            "a subscriber of " + wanted.types(),
            wanted.types(),
            policy,
            buffer(wanted),
            false,
            first(wanted));
    subscriptions.add(made);
    return made;
  }

  private Subscription group(Wanted wanted) {
    SlowPolicy policy = wanted.policy() == null ? SlowPolicy.BLOCK : wanted.policy();
    GroupState fresh =
        new GroupState(wanted.group(), wanted.types(), policy, buffer(wanted), first(wanted), 0);
    try {
      return groups.get(wanted.group(), wanted.types(), wanted.policy(), this::group, fresh);
    } catch (IOException e) {
      // what is not on disk is no group
      subscriptions.removeIf(subscription -> subscription.isGroup(wanted.group()));
      throw IoFailure.of(e);
    }
  }

  private Subscription group(GroupState state) {
    Subscription made =
        make(
            Subscription.groupName(state.name()),
            state.types(),
            state.policy(),
            state.buffer(),
            true,
            Math.min(Math.max(state.position(), log.first()), head + 1));
    subscriptions.add(made);
    return made;
  }

  private Subscription make(
      String name, TypePattern types, SlowPolicy policy, int buffer, boolean group, long from) {
    return new Subscription(
        name,
        types,
        policy,
        buffer,
        group,
        from,
        new EventSource(recent, () -> head, log::reader),
        threads,
        counters,
        this::left);
  }

  private int buffer(Wanted wanted) {
    return wanted.buffer() == 0 ? settings.buffer() : wanted.buffer();
  }

  private long first(Wanted wanted) {
    long next = head + 1;
    if (wanted.from() > next) {
      throw new EventsException(
          Reason.POSITION_NOT_GIVEN,
          "from_position is " + wanted.from() + ", but the next position is " + next);
    }
    return wanted.from() == 0 ? next : Math.max(wanted.from(), log.first());
  }

  private void left(Subscription subscription) {
    groups.left(subscription);
    synchronized (this) {
      if (!subscription.isGroup()) {
        subscriptions.remove(subscription);
      }
      notifyAll();
    }
  }

  private int subscribers() {
    return subscriptions.stream().mapToInt(Subscription::members).sum();
  }

  /** Ends all subscriptions, and takes no more: who hears of it goes on with the successor. */
  public void drain() {
    synchronized (this) {
      draining = true;
    }
    subscriptions.forEach(subscription -> subscription.end(EventsException.draining()));
  }

  /** Why the last events could not be written; null when they could. */
  public @Nullable EventsException failure() {
    return commit.failure();
  }

  /** Places of the log that were found damaged, and groups that could not be read. */
  public List<String> damage() {
    return groups.unreadable() == 0
        ? log.damage()
        : Stream.concat(
                log.damage().stream(), Stream.of("positions of " + groups.unreadable() + " groups"))
            .toList();
  }

  /** Numbers by their names. */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new TreeMap<>();
    metrics.put("events_published_total", (double) commit.published());
    metrics.put("events_repeated_total", (double) commit.repeated());
    metrics.put("events_delivered_total", (double) counters.delivered.sum());
    metrics.put("events_acknowledged_total", (double) counters.acknowledged.sum());
    metrics.put("events_dropped_total", (double) counters.dropped.sum());
    metrics.put("events_lost_total", (double) counters.lost.sum());
    metrics.put("subscribers_disconnected_total", (double) counters.disconnected.sum());
    metrics.put("subscribers", (double) subscribers());
    metrics.put("groups", (double) groups.size());
    metrics.put("log_first_position", (double) log.first());
    metrics.put("log_last_position", (double) head);
    metrics.put("log_bytes", (double) log.bytes());
    return metrics;
  }

  /** All groups, and those who are subscribed without one. */
  public List<SubscriberState> subscriberStates() {
    return subscriptions.stream().map(Subscription::state).toList();
  }

  /** Events that subscribers in no group missed, because too many waited. */
  public long droppedBySingle() {
    return counters.droppedBySingle.sum();
  }

  /** Writes what was published, ends all subscriptions, and closes the files. */
  @Override
  public void close() {
    commit.close();
    drain();
    awaitEmpty();
    threads.close();
    try {
      groups.saveChanged();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "positions of groups cannot be saved: {0}", e.toString());
    }
    try {
      log.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the log cannot be closed: {0}", e.toString());
    }
  }

  private synchronized void awaitEmpty() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS);
    try {
      while (subscribers() > 0 && System.nanoTime() - deadline < 0) {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, deadline - System.nanoTime()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
