/** The threads that move a process's bytes and run its handlers, and who runs where. */
@NullMarked
package blackhole.endpoint.thread;

import org.jspecify.annotations.NullMarked;
