/** Traces: the context that calls carry, the spans of a process, and where they are gathered. */
@Export
@Version("1.0.0")
@NullMarked
package blackhole.api.observe;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
