package blackhole.api.rpc;

import io.grpc.Context;
import org.jspecify.annotations.Nullable;

/**
 * What one call that this process serves has seen of the calls it made itself. The endpoint puts it
 * into the call's {@link Context}; the client path writes to it, on whatever thread.
 *
 * <p>Its purpose is that retries do not multiply along a chain A→B→C: once B's call to C has failed
 * after B's own retries, B's answer tells A not to retry.
 */
public final class ServerCallScope {
  private static final Context.Key<ServerCallScope> KEY = Context.key("blackhole-call-scope");

  private volatile boolean downstreamFailed;

  /** The scope of the call that is being served on this thread; null outside of one. */
  public static @Nullable ServerCallScope current() {
    return KEY.get();
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
}
