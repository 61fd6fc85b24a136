/**
 * The node put together: what it reads on start, how it starts hosts, and what it remembers of them
 * for the orchestrator that comes after it.
 */
@NullMarked
package blackhole.orchestrator.node;

import org.jspecify.annotations.NullMarked;
