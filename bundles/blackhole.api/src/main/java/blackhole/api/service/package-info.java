/** What a service author sees: the host a service runs in, and how it tells its health. */
@Export
@Version("1.2.0")
@NullMarked
package blackhole.api.service;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
