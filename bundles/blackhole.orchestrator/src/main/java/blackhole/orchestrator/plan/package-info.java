/**
 * From a configuration to what a host is told: which jars, which paths, which flags. It starts
 * nothing and knows no framework, so that the launcher can run a single host by it.
 */
@NullMarked
package blackhole.orchestrator.plan;

import org.jspecify.annotations.NullMarked;
