/** The instances of a node: their states, why they ended, and the commands that move them. */
@Export
@Version("1.0.0")
@NullMarked
package blackhole.api.supervision;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
