package blackhole.orchestrator.spare;

import blackhole.api.process.RunningProcess;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A number of spares of one profile. Each that is taken or dies is followed by another, one at a
 * time, and only while no instance starts, so that nobody waits for what may be needed later; after
 * one that died, with growing delays. Thread-safe; no method waits for a process.
 */
public final class SparePool {
  /** Starts spares and clears away after them. May block: called on the executor. */
  public interface Hosts {
    /**
     * @throws IOException with the reason in words; nothing is left then
     */
    RunningProcess start(String hostId) throws IOException;

    /** It is warm: from now on it may run as fast as any host. */
    void warmed(String hostId);

    /** Its process has ended, and never had a service. */
    void ended(String hostId, String how);
  }

  /** When things happen. */
  public interface Time {
    /** Monotonic. */
    long nanoTime();

    /** Runs a task that does not block after a delay. */
    void later(Duration delay, Runnable task);
  }

  /** A spare that lives. */
  public record Seat(String hostId, boolean warm, Optional<RunningProcess> process, Duration age) {}

  /** How many starts there were since the first spare was wanted, and how many took one. */
  public record Hits(int taken, int starts) {}

  private static final Logger LOG = System.getLogger(SparePool.class.getName());
  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
  private static final Duration MAX_DELAY = Duration.ofMinutes(1);

  /** After a start: what has just become READY has its first calls to answer. */
  static final Duration CALM = Duration.ofMillis(500);

  /** One that lived for so long was not of those that die of themselves. */
  private static final Duration STABLE = Duration.ofMinutes(1);

  private final int size;
  private final SpareProfile profile;
  private final Hosts hosts;
  private final String idPrefix;
  private final Supplier<Duration> startTimeout;
  private final Executor executor;
  private final Time time;

  // guarded by this

  /** Until what they leave behind is cleared away; not those that were taken. */
  private final Map<String, Spare> spares = new LinkedHashMap<>();

  private @Nullable BooleanSupplier quiet;
  private long count;
  private int deaths;
  private boolean paused;
  private boolean soon;
  private int taken;
  private int starts;
  private Optional<CompletableFuture<Void>> closing = Optional.empty();

  /**
   * @param size how many; zero for a pool that never has any
   * @param idPrefix the hosts' ids begin with it
   * @param startTimeout from the start of a process to its being warm, as it is now
   */
  public SparePool(
      int size,
      SpareProfile profile,
      Hosts hosts,
      String idPrefix,
      Supplier<Duration> startTimeout,
      Executor executor,
      Time time) {
    this.size = size;
    this.profile = profile;
    this.hosts = hosts;
    this.idPrefix = idPrefix;
    this.startTimeout = startTimeout;
    this.executor = executor;
    this.time = time;
  }

  /**
   * From now on there are spares.
   *
   * @param noStarts whether no instance is being started; quick, and does not lock
   */
  public synchronized void begin(BooleanSupplier noStarts) {
    quiet = noStarts;
    fill();
  }

  /** Whether all is quiet may have changed. */
  public synchronized void look() {
    fill();
  }

  /**
   * As {@link #look}, in a moment, so that who has just got ready answers its first calls before.
   * Any number of these in that time are one.
   */
  public void lookSoon() {
    synchronized (this) {
      if (soon) {
        return;
      }
      soon = true;
    }
    time.later(CALM, this::lookNow);
  }

  private synchronized void lookNow() {
    soon = false;
    fill();
  }

  private synchronized void fill() {
    if (quiet == null
        || paused
        || closing.isPresent()
        || has(Spare.State.STARTING)
        || spares.values().stream().filter(one -> one.state == Spare.State.WARM).count() >= size
        || !quiet.getAsBoolean()) {
      return;
    }
    Spare spare = new Spare(idPrefix + ++count, time.nanoTime());
    spares.put(spare.hostId(), spare);
    executor.execute(() -> start(spare));
  }

  private boolean has(Spare.State state) {
    return spares.values().stream().anyMatch(one -> one.state == state);
  }

  private void start(Spare spare) {
    RunningProcess process;
    try {
      process = hosts.start(spare.hostId());
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "no spare could be started: " + e.getMessage());
      dead(spare);
      gone(spare);
      return;
    }
    synchronized (this) {
      spare.process = process;
    }
    process
        .onExit()
        .whenComplete(
            (code, problem) -> executor.execute(() -> exited(spare, "exit code " + code)));
    if (isClosing()) {
      process.kill();
    }
    time.later(startTimeout.get(), () -> executor.execute(() -> expire(spare)));
  }

  private synchronized boolean isClosing() {
    return closing.isPresent();
  }

  private void expire(Spare spare) {
    @Nullable RunningProcess late;
    synchronized (this) {
      late = spare.state == Spare.State.STARTING ? spare.process : null;
    }
    if (late != null) {
      LOG.log(Level.WARNING, "{0} was not warm in time; it is killed", spare.hostId());
      late.kill();
    }
  }

  private void exited(Spare spare, String how) {
    if (dead(spare)) {
      hosts.ended(spare.hostId(), how);
      gone(spare);
    }
  }

  /** Gives whether its end is ours to mind. */
  private synchronized boolean dead(Spare spare) {
    spare.ended = true;
    if (spare.state == Spare.State.STARTING || spare.state == Spare.State.WARM) {
      spare.state = Spare.State.ENDING;
      pause(spare);
    }
    return spare.state == Spare.State.ENDING;
  }

  /** The next comes later, or a spare that cannot live would keep the machine busy. */
  private void pause(Spare spare) {
    if (closing.isPresent()) {
      return;
    }
    boolean stable = time.nanoTime() - spare.startedNanos > STABLE.toNanos();
    deaths = stable ? 1 : deaths + 1;
    paused = true;
    time.later(delay(deaths), this::resume);
  }

  /** How long to wait after so many that died, one after the other. */
  static Duration delay(int deaths) {
    int doublings = Math.min(deaths - 1, 10);
    Duration delay = FIRST_DELAY.multipliedBy(1L << doublings);
    return delay.compareTo(MAX_DELAY) < 0 ? delay : MAX_DELAY;
  }

  private synchronized void resume() {
    paused = false;
    fill();
  }

  private synchronized void gone(Spare spare) {
    spares.remove(spare.hostId());
    if (spares.isEmpty()) {
      closing.ifPresent(done -> done.complete(null));
    }
    fill();
  }

  /** A host of this id says that it is warm; does nothing for one that is not of this pool. */
  public void ready(String hostId) {
    executor.execute(
        () -> {
          @Nullable Spare spare;
          synchronized (this) {
            spare = spares.get(hostId);
          }
          if (spare != null && isStarting(spare)) {
            // before anybody can take it, as whoever does sets other limits
            hosts.warmed(hostId);
            warm(spare);
          }
        });
  }

  private synchronized boolean isStarting(Spare spare) {
    return spare.state == Spare.State.STARTING;
  }

  private synchronized void warm(Spare spare) {
    if (spare.state == Spare.State.STARTING && spare.process != null) {
      spare.state = Spare.State.WARM;
      fill();
    }
  }

  /** Takes one, if there is one that fits. */
  public synchronized Offer take(SpareProfile wanted) {
    if (size == 0 || quiet == null || closing.isPresent()) {
      return Offer.none("");
    }
    starts++;
    Optional<String> misfit = profile.misfit(wanted);
    if (misfit.isPresent()) {
      return Offer.none(misfit.get());
    }
    for (Spare spare : spares.values()) {
      if (spare.state == Spare.State.WARM && spare.process != null) {
        spare.state = Spare.State.TAKEN;
        spares.remove(spare.hostId());
        taken++;
        deaths = 0;
        return Offer.of(new Offer.Taken(spare, spare.process));
      }
    }
    return Offer.none(
        has(Spare.State.STARTING) ? "the next spare is not warm yet" : "there is no spare");
  }

  /** Whether one that fits is to come, and none is there yet. */
  public synchronized boolean isToHave(SpareProfile wanted) {
    return size > 0
        && closing.isEmpty()
        && profile.misfit(wanted).isEmpty()
        && !has(Spare.State.WARM);
  }

  /** Ends one that turned out to be of no use to whoever took it. */
  public void discard(Offer.Taken useless) {
    Spare spare = useless.spare();
    boolean ended;
    synchronized (this) {
      spare.state = Spare.State.ENDING;
      spares.put(spare.hostId(), spare);
      taken--;
      ended = spare.ended;
    }
    executor.execute(
        ended ? () -> exited(spare, "ended as it was taken") : useless.process()::kill);
  }

  /** Ends all, and there are no others. Completes when nothing is left of them. */
  public synchronized CompletionStage<Void> close() {
    if (closing.isEmpty()) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      closing = Optional.of(done);
      List<Spare> left = List.copyOf(spares.values());
      left.forEach(one -> one.state = Spare.State.ENDING);
      // one without a process yet ends as it gets it
      left.forEach(one -> one.process().ifPresent(process -> executor.execute(process::kill)));
      if (left.isEmpty()) {
        done.complete(null);
      }
    }
    return closing.orElseThrow().minimalCompletionStage();
  }

  /** Those that live, oldest first. */
  public synchronized List<Seat> seats() {
    long now = time.nanoTime();
    return spares.values().stream()
        .filter(one -> one.state != Spare.State.ENDING)
        .map(
            one ->
                new Seat(
                    one.hostId(),
                    one.state == Spare.State.WARM,
                    one.process(),
                    Duration.ofNanos(now - one.startedNanos)))
        .toList();
  }

  public synchronized Hits hits() {
    return new Hits(taken, starts);
  }
}
