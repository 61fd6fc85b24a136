package blackhole.api.registry;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The registry as this process knows it: in the orchestrator the registry itself, in a host a copy
 * that follows it over the control stream and stays as it was when that breaks. Reading never
 * blocks. Thread-safe.
 */
@ProviderType
public interface ServiceDirectory {
  /** Empty for a name that no configuration has, here or on another node that is listed. */
  Optional<ServiceRecord> find(String service);

  /** All of them, by name. */
  List<ServiceRecord> services();

  /**
   * False in a host that has not heard from an orchestrator yet: then an unknown name may only be
   * one that it was not told of.
   */
  boolean isComplete();

  /** Calls the watcher with the record as it is, before this returns, and with every change. */
  Watch watch(String service, Watcher watcher);

  /** Ends a watch; the watcher is not called any more once this returns. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /** Follows one service. Called for one change at a time, in order; must not block. */
  @FunctionalInterface
  interface Watcher {
    /**
     * @param service empty as long as the name is unknown
     * @return completes when no new call can go to an endpoint that the record does not have; what
     *     drains waits for this, up to a bound
     */
    CompletionStage<Void> changed(Optional<ServiceRecord> service);
  }
}
