/** A whole node: how soon it is up, and the memory that it holds. */
@NullMarked
package blackhole.bench.node;

import org.jspecify.annotations.NullMarked;
