/** The service that is measured: as small as one can be, the same with a framework and without. */
@NullMarked
package blackhole.bench.echo;

import org.jspecify.annotations.NullMarked;
