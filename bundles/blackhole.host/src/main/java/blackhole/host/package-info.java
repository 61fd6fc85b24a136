/**
 * The orchestrator's embassy in a host: brings the service up, says when it is ready, carries out
 * what the orchestrator asks, and takes everything down again.
 */
@NullMarked
package blackhole.host;

import org.jspecify.annotations.NullMarked;
