package blackhole.orchestrator.supervision;

import java.time.Instant;
import java.util.Optional;

/**
 * What an earlier orchestrator knew of an instance.
 *
 * @param stopped why it was to be down; empty when it was to run
 */
public record Remembered(
    int restarts,
    Optional<Instant> lastRestart,
    Optional<String> lastExit,
    Optional<String> stopped) {}
