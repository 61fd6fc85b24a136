/** Updates of services' bundles: what is checked before, how it goes, and how it goes back. */
@NullMarked
package blackhole.orchestrator.update;

import org.jspecify.annotations.NullMarked;
