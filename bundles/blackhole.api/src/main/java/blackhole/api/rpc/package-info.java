/** How processes are reached: the endpoint that serves, and channels over Unix sockets. */
@Export
@Version("1.1.0")
@NullMarked
package blackhole.api.rpc;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
