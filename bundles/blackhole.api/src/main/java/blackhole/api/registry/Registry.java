package blackhole.api.registry;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who serves what: where endpoints are written down, by those who know. Those who call read it
 * through {@link ServiceDirectory}.
 *
 * <p>It has etcd's shape, so that etcd can stand behind it without a change for anybody: one
 * monotonic revision that each change counts up, leases that take with them what hangs on them, and
 * watches that resume from a revision. An endpoint is the key {@code endpoints/SERVICE/ID}, a
 * description the key {@code services/NAME}; {@link #put}, {@link #remove}, {@link #describe} and
 * {@link #forget} are {@code Put} and {@code DeleteRange}, {@link #grant}, {@link #keepAlive} and
 * {@link #revoke} are {@code LeaseGrant}, {@code LeaseKeepAlive} and {@code LeaseRevoke}, {@link
 * #snapshot} is a {@code Range} of everything, and {@link #watch} a {@code Watch} with {@code
 * start_revision = after + 1}.
 *
 * <p>Thread-safe; nothing blocks. What one thread asks is done in the order in which it asked. The
 * stages complete on any thread, after those who watch have been told, and what hangs on them must
 * not block; they complete exceptionally when the registry cannot be reached.
 */
@ProviderType
public interface Registry {
  /**
   * Opens a lease, which ends when it is not kept alive for this long.
   *
   * @return its id
   */
  CompletionStage<Long> grant(Duration timeToLive);

  /** Gives a lease its whole time again; fails with {@link LeaseNotFoundException}. */
  CompletionStage<Void> keepAlive(long lease);

  /**
   * Ends a lease and removes what hangs on it; does nothing to one that has ended.
   *
   * @return the revision after that
   */
  CompletionStage<Long> revoke(long lease);

  /**
   * Writes an endpoint, new or in place of the one with its id. One that differs only in when it
   * was last seen, or in the message of an endpoint that stays usable, makes no revision: see
   * {@link RegistryEvent.EndpointSeen}.
   *
   * @param lease which it hangs on from now on; fails with {@link LeaseNotFoundException}
   * @return the revision with it
   */
  CompletionStage<Long> put(RegisteredEndpoint endpoint, long lease);

  /**
   * Removes an endpoint; does nothing when it is not there.
   *
   * @return the revision without it
   */
  CompletionStage<Long> remove(String service, String id);

  /**
   * Describes a service; does nothing when it is described so already.
   *
   * @return the revision with it
   */
  CompletionStage<Long> describe(ServiceDescription description);

  /**
   * Removes a description; does nothing when there is none.
   *
   * @return the revision without it
   */
  CompletionStage<Long> forget(String service);

  CompletionStage<RegistrySnapshot> snapshot();

  /**
   * Tells what changed after a revision, and then what changes. The watcher is called for one
   * change at a time, in order, and must not block.
   *
   * @param after of a snapshot, or of the last event that was seen
   */
  Watch watch(long after, Watcher watcher);

  /** Ends a watch; a call that is under way comes to its end. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /** Hears of changes. */
  interface Watcher {
    void changed(RegistryEvent event);

    /**
     * What happened since the revision it asked from is not known any more. The last call: take a
     * {@link #snapshot}, and watch from there.
     */
    void compacted();
  }
}
