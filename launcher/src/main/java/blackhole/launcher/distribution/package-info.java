/** What this jar carries, and how it gets into a home. */
@NullMarked
package blackhole.launcher.distribution;

import org.jspecify.annotations.NullMarked;
