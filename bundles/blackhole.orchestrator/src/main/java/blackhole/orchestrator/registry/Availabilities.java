package blackhole.orchestrator.registry;

import blackhole.api.registry.Availability;
import blackhole.api.supervision.InstanceState;
import io.grpc.Deadline;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Whether a service is worth waiting for, from the states of its instances. */
final class Availabilities {
  /**
   * One instance.
   *
   * @param usable whether calls may go to it, as far as its health is known
   * @param leaving whether it takes no new calls any more, though it is shown as READY still
   * @param expected whether it starts, or is going to
   * @param due when it is started; empty for any moment
   * @param message why it is so, in words
   */
  record Instance(
      InstanceState state,
      boolean usable,
      boolean leaving,
      boolean expected,
      Optional<Deadline> due,
      String message) {
    boolean runs() {
      return state == InstanceState.READY && !leaving;
    }

    boolean serves() {
      return runs() && usable;
    }
  }

  private Availabilities() {}

  static Availability of(String service, Collection<Instance> instances) {
    if (instances.isEmpty()) {
      return new Availability(
          Availability.State.STOPPED, service + " does not run on this node", Optional.empty());
    }
    if (instances.stream().anyMatch(Instance::serves)) {
      return Availability.SERVING;
    }
    List<Instance> expected = instances.stream().filter(Availabilities::isExpected).toList();
    if (!expected.isEmpty()) {
      return expected(service, expected);
    }
    if (instances.stream().anyMatch(Instance::runs)) {
      // unhealthy everywhere, as callers read from the instances themselves
      return Availability.SERVING;
    }
    Optional<Instance> failed =
        instances.stream().filter(one -> one.state() == InstanceState.FAILED).findFirst();
    return failed
        .map(one -> failed(service, one.message()))
        .orElseGet(() -> stopped(service, instances));
  }

  /** One that is gone but for its last state comes back, until the supervisor says otherwise. */
  private static boolean isExpected(Instance one) {
    return one.expected() || (one.state() == InstanceState.READY && one.leaving());
  }

  private static Availability expected(String service, List<Instance> expected) {
    Optional<Instance> soon = expected.stream().filter(one -> one.due().isEmpty()).findFirst();
    if (soon.isPresent()) {
      boolean first = soon.get().state() == InstanceState.STARTING;
      return new Availability(
          Availability.State.EXPECTED,
          service + (first ? " starts" : " is restarted"),
          Optional.empty());
    }
    Instance next =
        expected.stream()
            .min(Comparator.comparing((Instance one) -> one.due().orElseThrow()))
            .orElseThrow();
    return new Availability(
        Availability.State.EXPECTED,
        service + " waits for its restart: " + next.message(),
        next.due());
  }

  private static Availability failed(String service, String message) {
    return new Availability(
        Availability.State.FAILED,
        service + " was given up after too many failures: " + message,
        Optional.empty());
  }

  private static Availability stopped(String service, Collection<Instance> instances) {
    String reason =
        instances.stream()
            .filter(one -> one.state() == InstanceState.STOPPED)
            .map(Instance::message)
            .findFirst()
            // the others drain, and nobody wants them back
            .orElse("");
    return new Availability(
        Availability.State.STOPPED,
        reason.startsWith("stopped")
            ? service + " is " + reason
            : service + " is stopped" + (reason.isEmpty() ? "" : ": " + reason),
        Optional.empty());
  }
}
