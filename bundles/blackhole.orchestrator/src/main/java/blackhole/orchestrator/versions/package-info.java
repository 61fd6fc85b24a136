/** The versions of services' bundles that operators have installed. */
@NullMarked
package blackhole.orchestrator.versions;

import org.jspecify.annotations.NullMarked;
