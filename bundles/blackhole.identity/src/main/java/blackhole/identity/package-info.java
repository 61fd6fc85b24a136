/** The identity service: its gRPC face, its settings, and how its parts are put together. */
@NullMarked
package blackhole.identity;

import org.jspecify.annotations.NullMarked;
