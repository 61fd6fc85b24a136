/** What a service's callers notice of neighbours that misbehave. */
@NullMarked
package blackhole.bench.isolation;

import org.jspecify.annotations.NullMarked;
