package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceState;
import blackhole.orchestrator.config.ScalingPolicy;
import blackhole.orchestrator.config.ServiceConfig;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How many instances a service may have, and which of them go first. Pure. */
final class ScaleRules {
  /** As many as the configuration may ask for. */
  private static final int MOST = 1000;

  private ScaleRules() {}

  /** An instance, as far as it matters here. */
  record Candidate(int number, InstanceState state, InstanceHealth health) {
    boolean isReady() {
      return state == InstanceState.READY;
    }

    private boolean answers() {
      return health != InstanceHealth.UNHEALTHY && health != InstanceHealth.UNREACHABLE;
    }
  }

  /** Why a service cannot have this many instances; empty when it can. */
  static Optional<String> refusal(ServiceConfig service, int count, Capacity capacity) {
    String name = service.name();
    if (count == 0) {
      return Optional.of("no instance of " + name + " is a stop: use stop " + name);
    }
    if (count < 0 || count > MOST) {
      return Optional.of(count + " instances of " + name + ", expected 1 to " + MOST);
    }
    if (count > 1 && capacity.single().contains(name)) {
      return Optional.of(
          name
              + " can have one instance only: one process at a time may use its data"
              + " (Blackhole-Data: single)");
    }
    Optional<ScalingPolicy> scaling = service.scaling();
    if (scaling.isPresent() && !within(scaling.get(), count)) {
      return Optional.of(
          name
              + " has "
              + scaling.get().minInstances()
              + " to "
              + scaling.get().maxInstances()
              + " instances, as its scaling says (min_instances, max_instances), so not "
              + count);
    }
    return count > 1 && hasOnePath(service)
        ? Optional.of(name + " can have one instance only: its unix_socket has no {instance} in it")
        : Optional.empty();
  }

  private static boolean hasOnePath(ServiceConfig service) {
    return service
        .unixSocket()
        .filter(path -> !path.contains(ServiceConfig.INSTANCE_PLACEHOLDER))
        .isPresent();
  }

  /**
   * Why no instance may stand in for the others of a service for a while; empty when one may.
   *
   * @param present how many there are
   */
  static Optional<String> standInRefusal(ServiceConfig service, int present, Capacity capacity) {
    if (capacity.single().contains(service.name())) {
      return Optional.of("one process at a time may use its data");
    }
    if (service.port().isPresent()) {
      return Optional.of("its port is configured");
    }
    if (hasOnePath(service)) {
      return Optional.of("its unix_socket has no {instance} in it");
    }
    return present >= MOST ? Optional.of("it has the most instances") : Optional.empty();
  }

  private static boolean within(ScalingPolicy scaling, int count) {
    return count >= scaling.minInstances() && count <= scaling.maxInstances();
  }

  /**
   * The numbers of those that go, in their order: the highest ones, but never the last that is
   * READY. Where there is a choice of that last one, it is one that answers, with a low number.
   */
  static List<Integer> leaving(List<Candidate> candidates, int count) {
    Optional<Integer> kept =
        candidates.stream()
            .filter(Candidate::isReady)
            .min(
                Comparator.comparing((Candidate one) -> !one.answers())
                    .thenComparingInt(Candidate::number))
            .map(Candidate::number);
    return candidates.stream()
        .map(Candidate::number)
        .sorted(Comparator.reverseOrder())
        .filter(number -> kept.isEmpty() || !number.equals(kept.get()))
        .limit(candidates.size() - (long) count)
        .toList();
  }
}
