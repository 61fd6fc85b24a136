package blackhole.api.rpc;

import java.time.Duration;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Has another bundle's handlers take the place of those that a process serves, without a failed
 * call. Each call belongs to the handlers that it found at its start, until its end. Bundles are
 * named by their ids in the framework. Thread-safe.
 */
@ProviderType
public interface HandlerSwitch {
  /**
   * What this bundle registers is not served before {@link #serve}. To be called before it starts.
   */
  void keepBack(long bundle);

  /** The full gRPC names that are kept back for this bundle. */
  Set<String> keptBack(long bundle);

  /**
   * The step before {@link #hold}, so that nobody else waits for streams. From now on calls of many
   * responses wait as they will then; those in flight are ended as by {@link #drain} when they
   * outlast this time. All other calls go on. What takes milliseconds once they are held is made
   * ready before.
   *
   * @return how many were ended
   */
  int endStreams(long bundle, Duration time) throws InterruptedException;

  /**
   * From now on calls to this bundle's services wait, without having been read, for as long as
   * their deadlines and ten seconds allow; then they fail with UNAVAILABLE. Only those that were
   * made for one that is in flight here still enter, or that one would never end. Health and
   * reflection are as before.
   */
  void hold(long bundle);

  /** In one step: calls are for the second bundle, those that wait too, and not for the first. */
  void serve(long from, long to);

  /**
   * Takes {@link #endStreams}, {@link #hold} and {@link #serve} back, or whatever else was said of
   * this bundle: what it has registered is served.
   */
  void restore(long bundle);

  /**
   * Waits for the calls in flight of a bundle that is held or no longer served. Those that outlast
   * their time are ended with UNAVAILABLE, and told to come again.
   *
   * @param streams how long calls of many responses may go on
   * @param timeout how long all others may
   * @return how many were ended
   */
  int drain(long bundle, Duration streams, Duration timeout) throws InterruptedException;

  /** The bundle is gone, or about to: nothing that was said of it holds any more. */
  void forget(long bundle);
}
