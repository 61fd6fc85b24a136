/** The indexer service: its gRPC face, its settings, and how its parts are put together. */
@NullMarked
package blackhole.indexer;

import org.jspecify.annotations.NullMarked;
