package blackhole.api.rpc;

import java.time.Instant;

/**
 * The calls of one process to one service, counted since its start.
 *
 * @param breaker the state of the circuit breaker
 * @param failures among the last calls that the breaker looks at
 * @param since when the breaker came into this state
 * @param calls ended, streams too
 * @param failed of them, with any status but OK, the caller's own errors included
 * @param retries attempts after a call's first
 * @param held calls that had to wait for an instance
 * @param refusedByBreaker calls that failed at once because the circuit was open
 * @param refusedByLimit calls that failed at once because too many were in flight
 * @param deadlineExceeded calls that ended with DEADLINE_EXCEEDED
 * @param remote calls that went to another node
 * @param ejected times that an instance was left out for a while because its calls failed
 * @param inFlight calls that have not ended
 */
public record ServiceCalls(
    String service,
    BreakerState breaker,
    int failures,
    Instant since,
    long calls,
    long failed,
    long retries,
    long held,
    long refusedByBreaker,
    long refusedByLimit,
    long deadlineExceeded,
    long remote,
    long ejected,
    int inFlight) {}
