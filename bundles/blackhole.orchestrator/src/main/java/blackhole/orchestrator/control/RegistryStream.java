package blackhole.orchestrator.control;

import blackhole.control.v1.NodeMessage;
import blackhole.control.v1.RegistryUpdate;
import blackhole.orchestrator.registry.DirectoryFeed;
import io.grpc.SynchronizationContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Brings the copy of the registry that one host keeps up to date, as long as its session lasts.
 * What it sends is always the way from what was sent last to what is now, and only when the stream
 * takes it: a host that does not read gets the newest state when it does, and nothing piles up.
 * Lives in the session's serial context.
 */
final class RegistryStream implements DirectoryFeed.Follower {
  private static final Logger LOG = System.getLogger(RegistryStream.class.getName());

  /** The session, as this sees it. */
  interface Outlet {
    /** Whether a message would go out now, and not only into a queue. */
    boolean isReady();

    void send(NodeMessage message);
  }

  private final String name;
  private final RegistryStreams source;
  private final SynchronizationContext context;
  private final Outlet outlet;

  /** Changes that the host has not acknowledged, by revision. */
  private final NavigableMap<Long, CompletableFuture<Void>> open = new TreeMap<>();

  private String epoch;
  private long sent;
  private long acknowledged;
  private long sentCallers = -1;
  private boolean closed;
  private DirectoryFeed.Following following = () -> {};
  private AutoCloseable tokenWatch = () -> {};

  /**
   * @param epoch of the copy that the host has already; empty for none
   * @param revision of that copy
   */
  RegistryStream(
      String name,
      RegistryStreams source,
      SynchronizationContext context,
      Outlet outlet,
      String epoch,
      long revision) {
    this.name = name;
    this.source = source;
    this.context = context;
    this.outlet = outlet;
    this.epoch = epoch;
    this.sent = revision;
  }

  void open() {
    following = source.feed().follow(this);
    tokenWatch = source.tokens().watch(() -> context.execute(this::pump));
    pump();
  }

  /** For the log. */
  @Override
  public String name() {
    return "host " + name;
  }

  @Override
  public CompletionStage<Void> changed(long revision) {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    context.execute(
        () -> {
          if (closed || revision <= acknowledged) {
            taken.complete(null);
          } else {
            open.merge(revision, taken, RegistryStream::both);
            pump();
          }
        });
    return taken;
  }

  private static CompletableFuture<Void> both(
      CompletableFuture<Void> one, CompletableFuture<Void> other) {
    one.thenRun(() -> other.complete(null));
    return one;
  }

  /** Sends what the host lacks, if there is something and the stream takes it. */
  void pump() {
    if (closed || !outlet.isReady()) {
      return;
    }
    DirectoryFeed.Delta delta = source.feed().since(epoch, sent);
    CallTokens.Digests digests = source.tokens().digests();
    boolean newCallers = digests.version() != sentCallers;
    if (delta.isEmpty() && !newCallers) {
      return;
    }
    epoch = delta.epoch();
    sent = delta.revision();
    sentCallers = digests.version();
    RegistryUpdate.Builder update = RegistryMessages.update(delta);
    if (newCallers) {
      update.setCallers(digests.callers());
    }
    outlet.send(NodeMessage.newBuilder().setRegistryUpdate(update).build());
  }

  void acknowledged(long revision) {
    acknowledged = Math.max(acknowledged, revision);
    complete(open.headMap(revision, true));
  }

  /** The session has ended: a host that is not there makes nobody wait. */
  void close() {
    closed = true;
    following.close();
    try {
      tokenWatch.close();
    } catch (Exception e) {
      LOG.log(Level.ERROR, "a watch did not end", e);
    }
    complete(open);
  }

  private static void complete(NavigableMap<Long, CompletableFuture<Void>> some) {
    List<CompletableFuture<Void>> taken = List.copyOf(some.values());
    some.clear();
    taken.forEach(one -> one.complete(null));
  }
}
