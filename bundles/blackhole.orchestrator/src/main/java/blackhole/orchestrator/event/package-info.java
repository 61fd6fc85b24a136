/** What the platform itself publishes to the node's event stream, and how operators read it. */
@NullMarked
package blackhole.orchestrator.event;

import org.jspecify.annotations.NullMarked;
