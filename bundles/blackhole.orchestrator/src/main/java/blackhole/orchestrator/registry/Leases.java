package blackhole.orchestrator.registry;

import blackhole.api.registry.LeaseNotFoundException;
import blackhole.orchestrator.supervision.SerialContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The leases, and what hangs on each. Lives in the serial context. */
final class Leases {
  private final SerialContext context;
  private final Consumer<List<EndpointKey>> expired;
  private final Map<Long, Lease> open = new HashMap<>();
  private final Map<EndpointKey, Lease> holders = new HashMap<>();
  private long lastId;

  private static final class Lease {
    private final long id;
    private final Duration timeToLive;
    private final Set<EndpointKey> keys = new LinkedHashSet<>();
    private SerialContext.Cancellable expiry = () -> {};

    Lease(long id, Duration timeToLive) {
      this.id = id;
      this.timeToLive = timeToLive;
    }
  }

  /**
   * @param expired gets what hung on a lease that was not kept alive
   */
  Leases(SerialContext context, Consumer<List<EndpointKey>> expired) {
    this.context = context;
    this.expired = expired;
  }

  long grant(Duration timeToLive) {
    Lease lease = new Lease(++lastId, timeToLive);
    open.put(lease.id, lease);
    run(lease);
    return lease.id;
  }

  void keepAlive(long id) {
    Lease lease = find(id);
    lease.expiry.cancel();
    run(lease);
  }

  private void run(Lease lease) {
    lease.expiry = context.schedule(lease.timeToLive, () -> end(lease.id).ifPresent(expired));
  }

  /** Ends a lease, and hands over what hung on it; empty when there is none. */
  Optional<List<EndpointKey>> end(long id) {
    @Nullable Lease lease = open.remove(id);
    if (lease == null) {
      return Optional.empty();
    }
    lease.expiry.cancel();
    lease.keys.forEach(holders::remove);
    return Optional.of(List.copyOf(lease.keys));
  }

  /** Hangs a key on a lease, and on no other. */
  void attach(EndpointKey key, long id) {
    Lease lease = find(id);
    detach(key);
    lease.keys.add(key);
    holders.put(key, lease);
  }

  void detach(EndpointKey key) {
    @Nullable Lease holder = holders.remove(key);
    if (holder != null) {
      holder.keys.remove(key);
    }
  }

  private Lease find(long id) {
    @Nullable Lease lease = open.get(id);
    if (lease == null) {
      throw new LeaseNotFoundException(id);
    }
    return lease;
  }
}
