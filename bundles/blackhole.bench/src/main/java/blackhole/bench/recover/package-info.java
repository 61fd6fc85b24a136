/** How long a service is gone when its process is killed. */
@NullMarked
package blackhole.bench.recover;

import org.jspecify.annotations.NullMarked;
