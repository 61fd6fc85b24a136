/** Whose bundles a node takes, by their signatures. Needs nothing but the JDK. */
@NullMarked
package blackhole.orchestrator.trust;

import org.jspecify.annotations.NullMarked;
