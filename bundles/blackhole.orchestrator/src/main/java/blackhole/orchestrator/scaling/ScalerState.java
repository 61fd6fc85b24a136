package blackhole.orchestrator.scaling;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a scaler remembers of the rounds before. Times are monotonic nanoseconds.
 *
 * @param instances in the last round; 0 before the first
 * @param lastUp when there was last one more, whoever wanted that
 * @param overRounds how many rounds in a row were over a threshold
 * @param underRounds how many rounds in a row were under half of both
 * @param underSince the first of these
 * @param serving since when each process has been seen READY
 */
record ScalerState(
    int instances,
    OptionalLong lastUp,
    int overRounds,
    int underRounds,
    long underSince,
    Map<Process, Long> serving) {
  static final ScalerState NEW = new ScalerState(0, OptionalLong.empty(), 0, 0, 0, Map.of());

  /** One process of an instance. */
  record Process(String instance, long pid) {}

  ScalerState {
    serving = Map.copyOf(serving);
  }

  /** A step, by whomever, begins everything anew: what was before it says nothing of after it. */
  ScalerState seen(Round round) {
    Map<Process, Long> now = new HashMap<>();
    for (Reading reading : round.readings()) {
      if (reading.isReady()) {
        Process process = process(reading);
        now.put(process, serving.getOrDefault(process, round.nanos()));
      }
    }
    if (round.instances() == instances) {
      return new ScalerState(instances, lastUp, overRounds, underRounds, underSince, now);
    }
    boolean up = instances > 0 && round.instances() > instances;
    OptionalLong at = up ? OptionalLong.of(round.nanos()) : lastUp;
    return new ScalerState(round.instances(), at, 0, 0, 0, now);
  }

  /** How long the process of an instance has been READY; empty when it is not. */
  Duration served(Reading reading, long now) {
    Long since = reading.isReady() ? serving.get(process(reading)) : null;
    return since == null ? Duration.ZERO : Duration.ofNanos(now - since);
  }

  private static Process process(Reading reading) {
    return new Process(reading.instance(), reading.pid().orElseThrow());
  }

  ScalerState over() {
    return new ScalerState(instances, lastUp, overRounds + 1, 0, 0, serving);
  }

  ScalerState under(long now) {
    long since = underRounds == 0 ? now : underSince;
    return new ScalerState(instances, lastUp, 0, underRounds + 1, since, serving);
  }

  ScalerState between() {
    return new ScalerState(instances, lastUp, 0, 0, 0, serving);
  }
}
