/** What a process that has ended leaves behind, and what that says of its end. */
@NullMarked
package blackhole.orchestrator.evidence;

import org.jspecify.annotations.NullMarked;
