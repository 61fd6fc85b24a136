/** Authors' way to the event stream: a client of the events service like any other. */
@NullMarked
package blackhole.client.events;

import org.jspecify.annotations.NullMarked;
