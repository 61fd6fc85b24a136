/** Who serves what, and how to call it: the registry as every process of a node sees it. */
@Export
@Version("1.0.0")
@NullMarked
package blackhole.api.registry;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
