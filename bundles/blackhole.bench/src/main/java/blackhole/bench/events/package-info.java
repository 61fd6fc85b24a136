/** The event stream: whether it keeps its promises under load, and what they cost. */
@NullMarked
package blackhole.bench.events;

import org.jspecify.annotations.NullMarked;
