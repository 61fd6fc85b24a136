/** The orchestrator's end of the control streams that hosts open. */
@NullMarked
package blackhole.orchestrator.control;

import org.jspecify.annotations.NullMarked;
