/** The entries on disk: the log that is the truth, the index that is made of it, and one writer. */
@NullMarked
package blackhole.ledger.store;

import org.jspecify.annotations.NullMarked;
