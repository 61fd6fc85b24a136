package blackhole.orchestrator.config;

import java.time.Duration;

/** When callers stop calling a service that fails, and how they find out that it is back. */
public record CircuitBreakerPolicy(
    int failureThreshold, int successThreshold, Duration halfOpenTimeout) {}
