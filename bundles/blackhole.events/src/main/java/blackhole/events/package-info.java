/** The event stream: its gRPC face, its settings, and how its parts are put together. */
@NullMarked
package blackhole.events;

import org.jspecify.annotations.NullMarked;
