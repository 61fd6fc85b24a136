/**
 * Calls of methods that are known at run time only: server reflection gives the types, JSON is what
 * people write and read. Of the rest of the orchestrator it uses nothing but the suggestions.
 */
@NullMarked
package blackhole.orchestrator.call;

import org.jspecify.annotations.NullMarked;
