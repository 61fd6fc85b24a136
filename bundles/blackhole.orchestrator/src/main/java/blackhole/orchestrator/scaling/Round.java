package blackhole.orchestrator.scaling;

import java.util.List;

/**
 * A look at all instances of a service.
 *
 * @param nanos when, monotonic
 * @param readings one for each instance, those that start or drain too
 */
record Round(long nanos, List<Reading> readings) {
  Round {
    readings = List.copyOf(readings);
  }

  int instances() {
    return readings.size();
  }
}
