/** The ledger service: its gRPC face, its settings, and how its parts are put together. */
@NullMarked
package blackhole.ledger;

import org.jspecify.annotations.NullMarked;
