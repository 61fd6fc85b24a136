/** Counts that are kept, together with the position in the stream that they are of. */
@NullMarked
package blackhole.analytics.store;

import org.jspecify.annotations.NullMarked;
