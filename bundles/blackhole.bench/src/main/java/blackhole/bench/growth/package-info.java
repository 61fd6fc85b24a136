/** More and more instances: what the orchestrator pays for them. */
@NullMarked
package blackhole.bench.growth;

import org.jspecify.annotations.NullMarked;
