/** Users in SQLite. */
@NullMarked
package blackhole.identity.store;

import org.jspecify.annotations.NullMarked;
