/** How this process does, and how that is told: by gRPC's own health service and by ours. */
@NullMarked
package blackhole.endpoint.health;

import org.jspecify.annotations.NullMarked;
