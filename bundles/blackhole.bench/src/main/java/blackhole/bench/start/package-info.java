/** How long a process takes to serve, and how much memory it holds then. */
@NullMarked
package blackhole.bench.start;

import org.jspecify.annotations.NullMarked;
