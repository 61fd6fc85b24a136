/** Unix sockets that only their owner can use, and files that are removed only by their owner. */
@NullMarked
package blackhole.endpoint.socket;

import org.jspecify.annotations.NullMarked;
