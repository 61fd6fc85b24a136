package blackhole.orchestrator.registry;

import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.Registry;
import blackhole.api.registry.RegistryEvent;
import blackhole.api.registry.RegistrySnapshot;
import blackhole.api.registry.ServiceDescription;
import blackhole.orchestrator.supervision.SerialContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The registry of a node that stands alone. Everything happens in one serial context, in which
 * those who watch are called, too. It starts empty, at revision 0, and ends with the process.
 */
public final class InMemoryRegistry implements Registry {
  private static final Logger LOG = System.getLogger(InMemoryRegistry.class.getName());

  /** Those who follow are in this process, so none falls back far. */
  private static final int EVENTS_KEPT = 1024;

  private final SerialContext context;
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

  // in the serial context

  private final Map<EndpointKey, RegisteredEndpoint> endpoints =
      new TreeMap<>(Comparator.comparing(EndpointKey::service).thenComparing(EndpointKey::id));
  private final Map<String, ServiceDescription> services = new TreeMap<>();
  private final Leases leases;
  private final History history;
  private long revision;

  public InMemoryRegistry(SerialContext context) {
    this(context, EVENTS_KEPT);
  }

  /**
   * @param eventsKept how far a watch may look back
   */
  InMemoryRegistry(SerialContext context, int eventsKept) {
    this.context = context;
    this.leases = new Leases(context, keys -> keys.forEach(this::delete));
    this.history = new History(eventsKept);
  }

  @Override
  public CompletionStage<Long> grant(Duration timeToLive) {
    return inContext(() -> leases.grant(timeToLive));
  }

  @Override
  public CompletionStage<Void> keepAlive(long lease) {
    return inContext(
            () -> {
              leases.keepAlive(lease);
              return lease;
            })
        .thenAccept(kept -> {});
  }

  @Override
  public CompletionStage<Long> revoke(long lease) {
    return inContext(
        () -> {
          leases.end(lease).orElse(List.of()).forEach(this::delete);
          return revision;
        });
  }

  @Override
  public CompletionStage<Long> put(RegisteredEndpoint endpoint, long lease) {
    return inContext(
        () -> {
          EndpointKey key = EndpointKey.of(endpoint);
          leases.attach(key, lease);
          @Nullable RegisteredEndpoint before = endpoints.put(key, endpoint);
          if (before == null || isNews(before, endpoint)) {
            publish(new RegistryEvent.EndpointPut(++revision, endpoint));
          } else if (!before.equals(endpoint)) {
            tell(new RegistryEvent.EndpointSeen(revision, endpoint));
          }
          return revision;
        });
  }

  /** Whether callers care about the difference. */
  private static boolean isNews(RegisteredEndpoint before, RegisteredEndpoint now) {
    return !now.equals(
        new RegisteredEndpoint(
            before.id(),
            before.service(),
            before.instance(),
            before.type(),
            before.nodeId(),
            before.socket(),
            before.host(),
            before.port(),
            before.certificateAuthority(),
            before.pid(),
            before.health(),
            // why it is not usable goes into what callers are told
            now.isUsable() ? now.message() : before.message(),
            now.lastSeen()));
  }

  @Override
  public CompletionStage<Long> remove(String service, String id) {
    return inContext(
        () -> {
          EndpointKey key = new EndpointKey(service, id);
          leases.detach(key);
          delete(key);
          return revision;
        });
  }

  private void delete(EndpointKey key) {
    if (endpoints.remove(key) != null) {
      publish(new RegistryEvent.EndpointRemoved(++revision, key.service(), key.id()));
    }
  }

  @Override
  public CompletionStage<Long> describe(ServiceDescription description) {
    return inContext(
        () -> {
          if (!description.equals(services.put(description.name(), description))) {
            publish(new RegistryEvent.ServiceDescribed(++revision, description));
          }
          return revision;
        });
  }

  @Override
  public CompletionStage<Long> forget(String service) {
    return inContext(
        () -> {
          if (services.remove(service) != null) {
            publish(new RegistryEvent.ServiceForgotten(++revision, service));
          }
          return revision;
        });
  }

  @Override
  public CompletionStage<RegistrySnapshot> snapshot() {
    return inContext(
        () ->
            new RegistrySnapshot(
                revision, List.copyOf(services.values()), List.copyOf(endpoints.values())));
  }

  @Override
  public Watch watch(long after, Watcher watcher) {
    Subscription subscription = new Subscription(watcher);
    context.execute(() -> begin(subscription, after));
    return subscription;
  }

  private void begin(Subscription subscription, long after) {
    Optional<List<RegistryEvent>> missed = history.after(after);
    if (missed.isPresent()) {
      subscriptions.add(subscription);
      missed.get().forEach(subscription::tell);
    } else {
      subscription.compacted();
    }
  }

  private void publish(RegistryEvent event) {
    history.add(event);
    tell(event);
  }

  private void tell(RegistryEvent event) {
    subscriptions.forEach(subscription -> subscription.tell(event));
  }

  private <T> CompletionStage<T> inContext(Supplier<T> operation) {
    CompletableFuture<T> result = new CompletableFuture<>();
    context.execute(
        () -> {
          try {
            result.complete(operation.get());
          } catch (RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private final class Subscription implements Watch {
    private final Watcher watcher;
    private volatile boolean closed;

    Subscription(Watcher watcher) {
      this.watcher = watcher;
    }

    void tell(RegistryEvent event) {
      call(() -> watcher.changed(event));
    }

    void compacted() {
      call(watcher::compacted);
    }

    private void call(Runnable news) {
      try {
        if (!closed) {
          news.run();
        }
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a watcher of the registry did not take a change", e);
      }
    }

    @Override
    public void close() {
      closed = true;
      subscriptions.remove(this);
    }
  }
}
