package blackhole.orchestrator.config;

import java.time.Duration;

/**
 * When an instance that ended is started again. The first exit after a stable run restarts at once;
 * the k-th after that waits {@code min(restartDelay × backoffFactor^(k-1), maxBackoff)}, give or
 * take {@code jitter} of it; more than {@code maxRestarts} within {@code window}, and it has
 * failed.
 *
 * @param jitter a fraction, 0 to 1
 */
public record RestartPolicy(
    int maxRestarts,
    Duration restartDelay,
    double backoffFactor,
    Duration maxBackoff,
    double jitter,
    Duration window) {}
