/** What is recorded, and the bytes that are hashed for it. */
@NullMarked
package blackhole.ledger.entry;

import org.jspecify.annotations.NullMarked;
