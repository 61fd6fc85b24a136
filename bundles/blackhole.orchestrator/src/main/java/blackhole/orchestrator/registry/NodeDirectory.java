package blackhole.orchestrator.registry;

import blackhole.api.registry.DirectoryCopy;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.Registry;
import blackhole.api.registry.RegistryEvent;
import blackhole.api.registry.RegistrySnapshot;
import blackhole.api.registry.ServiceDescription;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.registry.ServiceRecord;
import blackhole.orchestrator.supervision.SerialContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The directory of the orchestrator's own process, which follows the registry, and which the hosts'
 * copies follow in turn. Thread-safe: what changes, changes in one serial context.
 */
public final class NodeDirectory implements DirectoryFeed {
  /** How long a follower may take for one change before it is passed over. */
  static final Duration PATIENCE = DirectoryCopy.PATIENCE;

  private static final Logger LOG = System.getLogger(NodeDirectory.class.getName());

  private final Registry registry;
  private final SerialContext context;
  private final String epoch;
  private final DirectoryCopy copy;
  private final List<Link> followers = new CopyOnWriteArrayList<>();

  private final DirectoryState state = new DirectoryState();

  // in the serial context

  private final Map<String, Folded> services = new HashMap<>();

  /** Changes that somebody has not taken yet, by their revision. */
  private final NavigableMap<Long, CompletableFuture<Void>> open = new TreeMap<>();

  /** Who waits for a revision that has not come yet. */
  private final NavigableMap<Long, CompletableFuture<Void>> awaited = new TreeMap<>();

  /**
   * @param epoch another one each time the node starts
   */
  public NodeDirectory(Registry registry, SerialContext context, String epoch) {
    this.registry = registry;
    this.context = context;
    this.epoch = epoch;
    this.copy = new DirectoryCopy((delay, task) -> context.schedule(delay, task)::cancel);
  }

  /** Begins to follow the registry. */
  public void start() {
    registry
        .snapshot()
        .whenComplete(
            (snapshot, problem) ->
                context.execute(
                    () -> {
                      if (snapshot != null) {
                        begin(snapshot);
                      } else {
                        LOG.log(Level.ERROR, "the registry cannot be read", problem);
                      }
                    }));
  }

  /** As this process sees it. */
  public ServiceDirectory directory() {
    return copy;
  }

  /**
   * Completes when all who watch and follow have taken this revision; those who hang are passed
   * over after {@link DirectoryCopy#PATIENCE}. Never completes exceptionally.
   */
  public CompletionStage<Void> acknowledged(long revision) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    context.execute(
        () ->
            reached(revision)
                .thenCompose(there -> takenUpTo(revision))
                .thenAccept(result::complete));
    return result;
  }

  private CompletableFuture<Void> reached(long revision) {
    return revision <= state.revision()
        ? CompletableFuture.completedFuture(null)
        : awaited.computeIfAbsent(revision, key -> new CompletableFuture<>());
  }

  private CompletableFuture<Void> takenUpTo(long revision) {
    return CompletableFuture.allOf(
        open.headMap(revision, true).values().toArray(CompletableFuture<?>[]::new));
  }

  @Override
  public Delta since(String knownEpoch, long revision) {
    return state.since(epoch, knownEpoch, revision);
  }

  @Override
  public Following follow(Follower follower) {
    Link link = new Link(follower);
    followers.add(link);
    return link;
  }

  private void begin(RegistrySnapshot snapshot) {
    services.clear();
    for (ServiceDescription description : snapshot.services()) {
      fold(new RegistryEvent.ServiceDescribed(snapshot.revision(), description));
    }
    for (RegisteredEndpoint endpoint : snapshot.endpoints()) {
      fold(new RegistryEvent.EndpointPut(snapshot.revision(), endpoint));
    }
    List<ServiceRecord> records = new ArrayList<>();
    services.values().forEach(folded -> folded.toRecord().ifPresent(records::add));
    state.replace(snapshot.revision(), records);
    tell(snapshot.revision(), copy.replace(records));
    // closed with the process
    Registry.Watch unused = registry.watch(snapshot.revision(), new Events());
  }

  private void changed(RegistryEvent event) {
    if (event instanceof RegistryEvent.EndpointSeen seen) {
      seen(seen.endpoint());
      return;
    }
    Folded folded = fold(event);
    Optional<ServiceRecord> now = folded.toRecord();
    if (now.isEmpty()) {
      services.remove(event.service());
    }
    state.change(event.revision(), event.service(), now);
    tell(
        event.revision(),
        copy.update(
            now.map(List::of).orElse(List.of()),
            now.isPresent() ? List.of() : List.of(event.service())));
  }

  private Folded fold(RegistryEvent event) {
    Folded folded = services.computeIfAbsent(event.service(), Folded::new);
    folded.apply(event);
    return folded;
  }

  private void seen(RegisteredEndpoint endpoint) {
    Optional<ServiceRecord> now =
        Optional.ofNullable(services.get(endpoint.service()))
            .flatMap(
                folded -> {
                  folded.refresh(endpoint);
                  return folded.toRecord();
                });
    now.ifPresent(
        record -> {
          state.refresh(record);
          copy.refresh(List.of(record));
        });
  }

  private void tell(long revision, CompletionStage<Void> watchers) {
    List<CompletableFuture<?>> all = new ArrayList<>();
    all.add(watchers.toCompletableFuture());
    followers.forEach(follower -> all.add(follower.tell(revision)));
    CompletableFuture<Void> taken =
        CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
    if (!taken.isDone()) {
      open.put(revision, taken);
      taken.thenRun(() -> context.execute(() -> open.remove(revision, taken)));
    }
    NavigableMap<Long, CompletableFuture<Void>> here = awaited.headMap(revision, true);
    List<CompletableFuture<Void>> waiting = List.copyOf(here.values());
    here.clear();
    waiting.forEach(one -> one.complete(null));
  }

  /** The registry may call from a context of its own. */
  private final class Events implements Registry.Watcher {
    @Override
    public void changed(RegistryEvent event) {
      context.execute(() -> NodeDirectory.this.changed(event));
    }

    @Override
    public void compacted() {
      LOG.log(Level.WARNING, "the registry has moved on too far; it is read anew");
      context.execute(NodeDirectory.this::start);
    }
  }

  /** One follower. */
  private final class Link implements Following {
    private final Follower follower;
    private volatile boolean closed;

    /** In the serial context. */
    private boolean overdue;

    Link(Follower follower) {
      this.follower = follower;
    }

    CompletableFuture<Void> tell(long revision) {
      CompletableFuture<Void> taken = new CompletableFuture<>();
      if (closed) {
        taken.complete(null);
        return taken;
      }
      SerialContext.Cancellable patience =
          context.schedule(PATIENCE, () -> passOver(revision, taken));
      follower
          .changed(revision)
          .whenComplete((done, problem) -> context.execute(() -> took(taken)));
      taken.thenRun(patience::cancel);
      return taken;
    }

    private void took(CompletableFuture<Void> taken) {
      if (taken.complete(null)) {
        overdue = false;
      }
    }

    private void passOver(long revision, CompletableFuture<Void> taken) {
      if (!overdue) {
        overdue = true;
        LOG.log(
            Level.WARNING,
            "{0} has not taken revision {1} of the registry within {2} ms; it is passed over",
            follower.name(),
            Long.toString(revision),
            PATIENCE.toMillis());
      }
      taken.complete(null);
    }

    @Override
    public void close() {
      closed = true;
      followers.remove(this);
    }
  }
}
