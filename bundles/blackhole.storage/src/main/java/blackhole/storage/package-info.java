/** The storage service: its gRPC face, its settings, and how its parts are put together. */
@NullMarked
package blackhole.storage;

import org.jspecify.annotations.NullMarked;
