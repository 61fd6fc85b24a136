/**
 * Calls to services by name. From the caller down: {@code ServiceChannel} gives each call its
 * deadline, limit, circuit breaker and counters, and sends it to this node's instances or to other
 * nodes; gRPC retries; {@code ServiceBalancer} holds a call or lets it fail while there is nobody
 * to take it, and else leaves the choice to gRPC's outlier detection and round robin; {@code
 * ServiceResolver} follows the registry.
 */
@NullMarked
package blackhole.client.service;

import org.jspecify.annotations.NullMarked;
