/** Asks the instances of the node for their numbers. */
@NullMarked
package blackhole.telemetry.sampling;

import org.jspecify.annotations.NullMarked;
