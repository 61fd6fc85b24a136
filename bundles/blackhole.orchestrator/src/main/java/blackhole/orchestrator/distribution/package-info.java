/**
 * What a launcher carries: which jars, which of them make up which process, and the command lines
 * that start those processes. Plain Java, because the launcher's first stage uses it too.
 */
@NullMarked
package blackhole.orchestrator.distribution;

import org.jspecify.annotations.NullMarked;
