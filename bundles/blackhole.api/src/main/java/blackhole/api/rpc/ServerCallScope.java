package blackhole.api.rpc;

import io.grpc.Context;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What one call that this process serves has seen of the calls it made itself. The endpoint puts it
 * into the call's {@link Context}; the client path writes to it, on whatever thread.
 *
 * <p>It has two purposes. Retries do not multiply along a chain A→B→C: once B's call to C has
 * failed after B's own retries, B's answer tells A not to retry. And a call that comes back, A→B→A,
 * can be told from others: each call that makes calls has an id, and hands on those of the calls
 * that it is made for, under {@link #CHAIN_HEADER}.
 *
 * <p>An endpoint may extend it by what it wants to find again in a call's context itself.
 */
public class ServerCallScope {
  /** The metadata key that {@link #chain()} is sent under. */
  public static final String CHAIN_HEADER = "blackhole-chain";

  private static final Context.Key<ServerCallScope> KEY = Context.key("blackhole-call-scope");

  /** Sixteen hex digits and a comma. */
  private static final int LINK_LENGTH = 17;

  /** Longer chains than this forget where they began; metadata must not grow without an end. */
  private static final int MAX_LINKS = 32;

  private final @Nullable String madeFor;
  private final @Nullable ServerCallScope outer;
  private volatile boolean downstreamFailed;
  private volatile @Nullable String id;

  /** Of a call that no other call of this node was made for. */
  public ServerCallScope() {
    this(null, null);
  }

  /**
   * @param madeFor what came under {@link #CHAIN_HEADER}, if anything
   */
  public ServerCallScope(@Nullable String madeFor) {
    this(madeFor, null);
  }

  private ServerCallScope(@Nullable String madeFor, @Nullable ServerCallScope outer) {
    this.madeFor = madeFor;
    this.outer = outer;
  }

  /** The scope of the call that is being served on this thread; null outside of one. */
  public static @Nullable ServerCallScope current() {
    return KEY.get();
  }

  /**
   * One that sees for itself what fails, in the chain of this one; of nothing when that is null.
   */
  static ServerCallScope within(@Nullable ServerCallScope outer) {
    return new ServerCallScope(null, outer);
  }

  /** The one of the call that is being served, where this one is within it. */
  public ServerCallScope outermost() {
    return outer == null ? this : outer.outermost();
  }

  /** A context in which this is the current scope. */
  public Context in(Context context) {
    return context.withValue(KEY, this);
  }

  /** A call made on behalf of this one failed for good, in a way that a retry might mend. */
  public void downstreamFailed() {
    downstreamFailed = true;
  }

  public boolean hasDownstreamFailed() {
    return downstreamFailed;
  }

  /** What the calls that this one makes are made for: the calls it is made for, and itself. */
  public String chain() {
    if (outer != null) {
      return outer.chain();
    }
    String own = id();
    if (madeFor == null) {
      return own;
    }
    int excess = madeFor.length() - (MAX_LINKS - 1) * LINK_LENGTH;
    return (excess > 0 ? madeFor.substring(excess) : madeFor) + "," + own;
  }

  private String id() {
    String known = id;
    if (known == null) {
      synchronized (this) {
        known = id;
        if (known == null) {
          known = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
          id = known;
        }
      }
    }
    return known;
  }

  /** What came with the call, if other calls of this node stand behind it. */
  public @Nullable String madeFor() {
    return madeFor;
  }

  /** Whether what came with another call says that it was made for this one. */
  public boolean isIn(String chain) {
    String own = id;
    return own != null && chain.contains(own);
  }
}
