package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceState;
import java.util.Collection;
import java.util.List;

/** What an instance's service depends on, as far as it is not READY. */
record Dependencies(List<Missing> missing) {
  static final Dependencies MET = new Dependencies(List.of());

  /** From the best that an instance can be to the worst. */
  private static final List<InstanceState> BEST_FIRST =
      List.of(
          InstanceState.READY,
          InstanceState.STARTING,
          InstanceState.BACKOFF,
          InstanceState.DRAINING,
          InstanceState.FAILED,
          InstanceState.STOPPED);

  Dependencies {
    missing = List.copyOf(missing);
  }

  /** A service is in the state of its best instance; one without any is STOPPED. */
  static InstanceState serviceState(Collection<InstanceState> instances) {
    return BEST_FIRST.stream()
        .filter(instances::contains)
        .findFirst()
        .orElse(InstanceState.STOPPED);
  }

  /** Those that are on their way: worth waiting for. */
  List<String> pending() {
    return missing.stream().filter(Missing::isPending).map(Missing::service).toList();
  }

  /** Empty when nothing is missing. */
  String words() {
    return missing.isEmpty()
        ? ""
        : "depends on "
            + Words.list(missing.stream().map(m -> m.service + ", which is " + m.state).toList());
  }

  record Missing(String service, InstanceState state) {
    boolean isPending() {
      return state != InstanceState.STOPPED && state != InstanceState.FAILED;
    }
  }
}
