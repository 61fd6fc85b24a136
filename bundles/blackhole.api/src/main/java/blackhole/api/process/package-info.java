/** Operating-system processes: starting, ending and measuring them. */
@Export
@Version("1.0.0")
@NullMarked
package blackhole.api.process;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
