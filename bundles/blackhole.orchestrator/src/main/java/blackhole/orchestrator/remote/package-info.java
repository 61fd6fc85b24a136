/**
 * The services of other nodes: whether each can be reached and is healthy, and what its methods
 * promise. Who is told is behind {@link blackhole.orchestrator.remote.RemoteSink}.
 */
@NullMarked
package blackhole.orchestrator.remote;

import org.jspecify.annotations.NullMarked;
