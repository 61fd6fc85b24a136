package blackhole.orchestrator.supervision;

import blackhole.api.process.RunningProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is known of a process.
 *
 * @param process empty while it is being started
 * @param launched monotonic nanoseconds
 * @param launchedAt for people
 * @param startup from launch to READY
 */
record Run(
    Optional<RunningProcess> process,
    long launched,
    Instant launchedAt,
    Optional<Duration> startup,
    OptionalInt port,
    Optional<String> bundleVersion) {
  Run(long launched, Instant launchedAt) {
    this(
        Optional.empty(),
        launched,
        launchedAt,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty());
  }

  Run with(RunningProcess spawned) {
    return new Run(Optional.of(spawned), launched, launchedAt, startup, port, bundleVersion);
  }

  Run ready(long now, OptionalInt boundPort, Optional<String> version) {
    Duration took = Duration.ofNanos(now - launched);
    return new Run(process, launched, launchedAt, Optional.of(took), boundPort, version);
  }

  /** It was ready long ago. */
  Run adopted(OptionalInt boundPort, Optional<String> version) {
    return new Run(process, launched, launchedAt, Optional.empty(), boundPort, version);
  }

  /** Another version of the service's bundle is in it. */
  Run running(Optional<String> version) {
    return new Run(process, launched, launchedAt, startup, port, version);
  }

  OptionalLong pid() {
    return process.isPresent()
        ? OptionalLong.of(process.get().identity().pid())
        : OptionalLong.empty();
  }
}
