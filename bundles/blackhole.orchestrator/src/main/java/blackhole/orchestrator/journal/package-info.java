/** What happened on this node, kept over restarts. */
@NullMarked
package blackhole.orchestrator.journal;

import org.jspecify.annotations.NullMarked;
