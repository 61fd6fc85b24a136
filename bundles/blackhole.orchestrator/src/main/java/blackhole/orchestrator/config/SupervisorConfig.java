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
  /** What becomes of hosts whose orchestrator is gone. */
  public enum OrchestratorLoss {
    ADOPT,
    STOP
  }
}
