/** The ledger's own key, and the heads that it signs. */
@NullMarked
package blackhole.ledger.key;

import org.jspecify.annotations.NullMarked;
