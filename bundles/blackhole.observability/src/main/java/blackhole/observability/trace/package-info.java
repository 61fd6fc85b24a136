/** Traces: the last spans of the node's processes, and whoever is told of them. */
@NullMarked
package blackhole.observability.trace;

import org.jspecify.annotations.NullMarked;
