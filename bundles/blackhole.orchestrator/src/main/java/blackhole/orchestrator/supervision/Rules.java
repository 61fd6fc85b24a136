package blackhole.orchestrator.supervision;

import blackhole.orchestrator.config.RestartPolicy;
import blackhole.orchestrator.config.SupervisorConfig;
import java.time.Duration;

/** What the configuration says that decisions about one instance depend on. */
record Rules(
    RestartPolicy restart,
    Duration startTimeout,
    Duration stableAfter,
    Duration gracefulShutdownTimeout,
    int livenessFailures) {
  static Rules of(RestartPolicy restart, SupervisorConfig supervisor) {
    return new Rules(
        restart,
        supervisor.startTimeout(),
        supervisor.stableAfter(),
        supervisor.gracefulShutdownTimeout(),
        supervisor.livenessFailures());
  }
}
