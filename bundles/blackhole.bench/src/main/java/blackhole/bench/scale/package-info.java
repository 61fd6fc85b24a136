/** More instances of a service: how soon, and what they cost the orchestrator. */
@NullMarked
package blackhole.bench.scale;

import org.jspecify.annotations.NullMarked;
