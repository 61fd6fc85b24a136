/** How a call fails. */
@NullMarked
package blackhole.events.call;

import org.jspecify.annotations.NullMarked;
