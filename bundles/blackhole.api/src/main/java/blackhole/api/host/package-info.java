/** What a service host is told to run, and what it says of itself. */
@Export
@Version("1.0.0")
@NullMarked
package blackhole.api.host;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
