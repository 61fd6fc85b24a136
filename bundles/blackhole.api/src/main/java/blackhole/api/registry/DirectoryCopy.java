package blackhole.api.registry;

import static java.util.stream.Collectors.toSet;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is told by whoever follows the registry, and tells those who watch it. All
 * processes of a node use this one; what differs is where the news comes from.
 *
 * <p>Thread-safe. The methods that change it are called by one thread at a time; each returns a
 * stage that completes when all watchers have taken the change, or were waited for long enough.
 * Each watcher is called under a lock of its own. A change costs what is different, however many
 * other services there are; who reads while one of several services is made sees some of them as
 * they were.
 */
public final class DirectoryCopy implements ServiceDirectory {
  /** How long a watcher may take for one change before it is passed over. */
  public static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Logger LOG = System.getLogger(DirectoryCopy.class.getName());

  /** Runs something later. */
  @FunctionalInterface
  public interface Timer {
    /**
     * @return cancels it
     */
    Runnable schedule(Duration delay, Runnable task);
  }

  private final Timer timer;

  /** By the service that is watched. */
  private final Map<String, List<Subscription>> subscriptions = new ConcurrentHashMap<>();

  private final Map<String, ServiceRecord> services = new ConcurrentHashMap<>();
  private volatile boolean complete;

  public DirectoryCopy(Timer timer) {
    this.timer = timer;
  }

  @Override
  public Optional<ServiceRecord> find(String service) {
    return Optional.ofNullable(services.get(service));
  }

  @Override
  public List<ServiceRecord> services() {
    return services.values().stream().sorted(Comparator.comparing(ServiceRecord::name)).toList();
  }

  @Override
  public boolean isComplete() {
    return complete;
  }

  @Override
  public Watch watch(String service, Watcher watcher) {
    Subscription subscription = new Subscription(service, watcher);
    // first in the list, so that no change falls between; it takes the same one only once
    subscriptions.compute(
        service,
        (name, some) -> {
          List<Subscription> all = some == null ? new CopyOnWriteArrayList<>() : some;
          all.add(subscription);
          return all;
        });
    subscription.tell();
    return subscription;
  }

  /** These are new or different, those are gone. */
  public CompletionStage<Void> update(Collection<ServiceRecord> changed, Collection<String> gone) {
    gone.forEach(services::remove);
    changed.forEach(record -> services.put(record.name(), record));
    return tell(Stream.concat(gone.stream(), changed.stream().map(ServiceRecord::name)));
  }

  /**
   * These are all that there are. The first time, all watchers are called, even where nothing
   * changes: a name that is unknown now is unknown for certain.
   */
  public CompletionStage<Void> replace(Collection<ServiceRecord> all) {
    all.forEach(record -> services.put(record.name(), record));
    services.keySet().retainAll(all.stream().map(ServiceRecord::name).collect(toSet()));
    if (!complete) {
      complete = true;
      subscriptions.values().forEach(some -> some.forEach(Subscription::forgetWhatWasTold));
    }
    return tell(subscriptions.keySet().stream());
  }

  /** These are different in something that no watcher needs to hear of. */
  public void refresh(Collection<ServiceRecord> seen) {
    seen.forEach(record -> services.put(record.name(), record));
  }

  private CompletionStage<Void> tell(Stream<String> touched) {
    return CompletableFuture.allOf(
        touched
            .distinct()
            .flatMap(service -> subscriptions.getOrDefault(service, List.of()).stream())
            .map(Subscription::tell)
            .toArray(CompletableFuture<?>[]::new));
  }

  /** One watch. What it keeps is guarded by itself. */
  private final class Subscription implements Watch {
    private final String service;
    private final Watcher watcher;

    private boolean closed;
    private boolean overdue;
    private @Nullable Optional<ServiceRecord> told;
    private CompletableFuture<Void> taken = CompletableFuture.completedFuture(null);

    Subscription(String service, Watcher watcher) {
      this.service = service;
      this.watcher = watcher;
    }

    /** Calls the watcher with the record as it is now, if it was not called with that already. */
    synchronized CompletableFuture<Void> tell() {
      Optional<ServiceRecord> now = find(service);
      if (!closed && !now.equals(told)) {
        told = now;
        taken = bounded(call(now));
      }
      return taken;
    }

    private CompletableFuture<Void> call(Optional<ServiceRecord> now) {
      CompletableFuture<Void> result = new CompletableFuture<>();
      try {
        watcher.changed(now).whenComplete((done, problem) -> took(result));
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a watcher of service " + service + " did not take a change", e);
        result.complete(null);
      }
      return result;
    }

    private void took(CompletableFuture<Void> result) {
      if (result.complete(null)) {
        synchronized (this) {
          overdue = false;
        }
      }
    }

    private CompletableFuture<Void> bounded(CompletableFuture<Void> result) {
      if (!result.isDone()) {
        Runnable cancel = timer.schedule(PATIENCE, () -> passOver(result));
        result.thenRun(cancel);
      }
      return result;
    }

    private synchronized void passOver(CompletableFuture<Void> result) {
      if (!result.isDone() && !overdue) {
        overdue = true;
        LOG.log(
            Level.WARNING,
            "a watcher of service {0} did not take a change within {1} ms; it is passed over",
            service,
            PATIENCE.toMillis());
      }
      result.complete(null);
    }

    synchronized void forgetWhatWasTold() {
      told = null;
    }

    @Override
    public void close() {
      subscriptions.computeIfPresent(
          service,
          (name, some) -> {
            some.remove(this);
            return some.isEmpty() ? null : some;
          });
      CompletableFuture<Void> open;
      synchronized (this) {
        closed = true;
        open = taken;
      }
      open.complete(null);
    }
  }
}
