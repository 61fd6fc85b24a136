package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.SupervisionException;
import blackhole.orchestrator.config.ServiceConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Services whose instances are being updated or replaced, so that nobody else changes how many
 * there are, and the one instance more that each of them may have meanwhile. Lives in the serial
 * context, but for {@link #present}.
 */
final class StandIns {
  private final InstanceTable table;
  private final Supplier<Capacity> capacity;
  private final Set<String> reserved = new HashSet<>();
  private final Set<InstanceId> present = ConcurrentHashMap.newKeySet();

  /**
   * @param capacity as it is now
   */
  StandIns(InstanceTable table, Supplier<Capacity> capacity) {
    this.table = table;
    this.capacity = capacity;
  }

  void reserve(String service) {
    reserved.add(service);
  }

  void release(String service) {
    reserved.remove(service);
  }

  boolean isReserved(String service) {
    return reserved.contains(service);
  }

  /**
   * @throws SupervisionException when the service is being updated, for an operator
   */
  void refuseIfReserved(String service) {
    if (isReserved(service)) {
      throw new SupervisionException(
          service + " is being updated: it is scaled when that is done, see: ps");
    }
  }

  /** Any thread. */
  Set<InstanceId> present() {
    return Set.copyOf(present);
  }

  /** Starts one instance more; completes when it is READY, or has failed for the first time. */
  CompletionStage<StandIn> place(String service, ServiceScale scale, String who) {
    ServiceConfig config = table.config(service);
    Optional<String> refusal =
        ScaleRules.standInRefusal(config, table.wanted(service).size(), capacity.get())
            .or(() -> scale.tooMuch(config, 1));
    if (refusal.isPresent()) {
      return CompletableFuture.completedStage(new StandIn(Optional.empty(), refusal));
    }
    ManagedInstance added = table.addLast(config);
    present.add(added.id());
    return added
        .start(who)
        .handle((line, problem) -> new StandIn(Optional.of(added.id()), words(problem)));
  }

  private static Optional<String> words(@Nullable Throwable problem) {
    return Optional.ofNullable(problem).map(Throwable::getMessage);
  }

  /** Drains it and takes it away; completes when it is gone. */
  CompletionStage<List<String>> dismiss(InstanceId id, ServiceScale scale, String who) {
    Optional<ManagedInstance> instance = table.find(id).filter(one -> present.contains(id));
    return instance.isEmpty()
        ? CompletableFuture.completedStage(List.of())
        : scale
            .remove(instance.get(), who)
            .thenApply(
                line -> {
                  present.remove(id);
                  return List.of(line);
                });
  }
}
