/** What every call carries: how long it may take, and how it fails. */
@NullMarked
package blackhole.ledger.call;

import org.jspecify.annotations.NullMarked;
