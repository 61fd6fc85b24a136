package blackhole.orchestrator.scaling;

import blackhole.api.supervision.InstanceState;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One instance, in one round.
 *
 * @param instance its name, as {@code storage-1}
 * @param pid of its process, where it is READY; empty where it is not
 * @param load empty where it could not be measured
 */
record Reading(String instance, OptionalLong pid, InstanceState state, Optional<Load> load) {
  boolean isReady() {
    return pid.isPresent();
  }

  /** It will soon be READY, or gone; or somebody stopped it, who knows that. */
  boolean isMoving() {
    return state == InstanceState.STARTING
        || state == InstanceState.DRAINING
        || state == InstanceState.STOPPED;
  }
}
