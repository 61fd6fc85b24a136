/** The way in: the gRPC server of a process, and the services it serves. */
@NullMarked
package blackhole.endpoint;

import org.jspecify.annotations.NullMarked;
