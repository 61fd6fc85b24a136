/** One line of Gogo, run from code. */
@Export
@Version("1.0.0")
@NullMarked
package blackhole.api.shell;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
