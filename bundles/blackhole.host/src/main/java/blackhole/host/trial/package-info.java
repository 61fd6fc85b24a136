/** A service that is of use to nobody: spares start it once, to have started one. */
@NullMarked
package blackhole.host.trial;

import org.jspecify.annotations.NullMarked;
