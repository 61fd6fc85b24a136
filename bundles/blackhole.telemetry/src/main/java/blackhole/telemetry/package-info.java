/** The telemetry service: its gRPC face, its settings, and how its parts are put together. */
@NullMarked
package blackhole.telemetry;

import org.jspecify.annotations.NullMarked;
