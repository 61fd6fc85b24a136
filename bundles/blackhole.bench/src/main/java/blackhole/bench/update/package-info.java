/** What callers notice of updates. */
@NullMarked
package blackhole.bench.update;

import org.jspecify.annotations.NullMarked;
