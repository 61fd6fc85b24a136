/** The services of the update benchmark: the one that is updated, and one that calls it. */
@NullMarked
package blackhole.bench.update.service;

import org.jspecify.annotations.NullMarked;
