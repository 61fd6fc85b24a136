/** The circuit breaker: Resilience4j's, with the meanings that Blackhole's configuration has. */
@NullMarked
package blackhole.client.breaker;

import org.jspecify.annotations.NullMarked;
