@NullMarked
package blackhole.orchestrator;

import org.jspecify.annotations.NullMarked;
