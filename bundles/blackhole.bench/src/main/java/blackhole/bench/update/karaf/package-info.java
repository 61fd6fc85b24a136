/** What runs inside of Karaf: a service to update, and one who calls it meanwhile. */
@NullMarked
package blackhole.bench.update.karaf;

import org.jspecify.annotations.NullMarked;
