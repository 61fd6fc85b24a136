package blackhole.orchestrator.supervision;

import java.time.Duration;
import java.util.List;

/**
 * All that a state may look at when it decides.
 *
 * @param nanos the time, monotonic
 * @param random from 0 to 1
 */
record Moment(
    Rules rules, long nanos, double random, RestartHistory history, Dependencies dependencies) {
  /** Stands in the journal for what nobody asked for. */
  static final String SUPERVISOR = "supervisor";

  /** Nothing to do, and nothing that is worth an entry in the journal. */
  Step stay(State state) {
    return new Step(state, history, List.of(), "", "");
  }

  Step to(State next, String cause, String who) {
    return new Step(next, history, List.of(), cause, who);
  }

  /** For a stop that nobody gave a time. */
  StopBudget budget() {
    return StopBudget.of(rules.gracefulShutdownTimeout());
  }

  Duration since(long earlier) {
    return Duration.ofNanos(nanos - earlier);
  }
}
