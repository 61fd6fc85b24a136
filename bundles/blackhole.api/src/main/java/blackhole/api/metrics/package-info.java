/**
 * What a process counts of itself: cheap to count, and told as it stands whenever somebody asks.
 */
@Export
@Version("1.0.0")
@NullMarked
package blackhole.api.metrics;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
