package blackhole.orchestrator.supervision;

import java.time.Duration;

/**
 * How long a stop may take: the time to drain, then the time after SIGTERM. SIGKILL comes when both
 * are over.
 */
record StopBudget(Duration drain, Duration terminate) {
  /** Most of it to finish calls; a process that does not exit after that seldom will. */
  static StopBudget of(Duration total) {
    Duration terminate = total.dividedBy(5);
    return new StopBudget(total.minus(terminate), terminate);
  }

  /** Each share no longer than the other's. */
  StopBudget atMost(StopBudget other) {
    return new StopBudget(shorter(drain, other.drain), shorter(terminate, other.terminate));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
