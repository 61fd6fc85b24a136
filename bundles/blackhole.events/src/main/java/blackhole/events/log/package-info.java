/** Records in files that only grow, found again after any crash. They know nothing of events. */
@NullMarked
package blackhole.events.log;

import org.jspecify.annotations.NullMarked;
