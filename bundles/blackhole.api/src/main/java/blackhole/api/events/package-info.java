/** The node's event stream, as service authors use it. */
@Export
@Version("1.0.0")
@NullMarked
package blackhole.api.events;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
