package blackhole.orchestrator.config;

import java.time.Duration;

/** How the orchestrator minds its hosts. */
public record SupervisorConfig(
    Duration startTimeout,
    Duration healthCheckInterval,
    Duration healthCheckTimeout,
    int livenessFailures,
    Duration stableAfter,
    Duration staleProcessTimeout,
    OrchestratorLoss onOrchestratorLoss,
    Duration gracefulShutdownTimeout,
    Duration sampleInterval,
    int warmSpares,
    Duration updateObservation,
    int versionsKept) {
  /** The same, but for what is settled at a node's start: that is another's. */
  public SupervisorConfig withStartOf(SupervisorConfig other) {
    return new SupervisorConfig(
        startTimeout,
        healthCheckInterval,
        healthCheckTimeout,
        livenessFailures,
        stableAfter,
        other.staleProcessTimeout,
        other.onOrchestratorLoss,
        gracefulShutdownTimeout,
        sampleInterval,
        other.warmSpares,
        updateObservation,
        versionsKept);
  }

  /** What becomes of hosts whose orchestrator is gone. */
  public enum OrchestratorLoss {
    ADOPT,
    STOP
  }
}
