/**
 * The registry of this node: where it is kept, who writes its instances into it, and what the
 * hosts' copies are made of.
 */
@NullMarked
package blackhole.orchestrator.registry;

import org.jspecify.annotations.NullMarked;
