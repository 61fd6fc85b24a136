/** How calls fail. */
@NullMarked
package blackhole.indexer.call;

import org.jspecify.annotations.NullMarked;
