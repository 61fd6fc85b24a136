/** The analytics service: its gRPC face, its settings, and how its parts are put together. */
@NullMarked
package blackhole.analytics;

import org.jspecify.annotations.NullMarked;
