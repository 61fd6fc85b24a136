/** Metrics of the whole node, for Prometheus. */
@NullMarked
package blackhole.observability.metrics;

import org.jspecify.annotations.NullMarked;
