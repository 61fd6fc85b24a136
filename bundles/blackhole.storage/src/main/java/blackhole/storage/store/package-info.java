/** Blobs in files, and what is known of them in SQLite. */
@NullMarked
package blackhole.storage.store;

import org.jspecify.annotations.NullMarked;
