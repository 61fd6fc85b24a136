package blackhole.testkit;

import java.time.Duration;

/** The part of a service's restart policy that tests set; the rest keeps its defaults. */
public record RestartPolicy(int maxRestarts, Duration restartDelay) {
  String yaml() {
    return "{ max_restarts: "
        + maxRestarts
        + ", restart_delay: "
        + restartDelay.toMillis()
        + "ms }";
  }
}
