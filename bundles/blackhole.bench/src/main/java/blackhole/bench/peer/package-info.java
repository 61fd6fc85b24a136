/** What others offer for the same, where it is installed. */
@NullMarked
package blackhole.bench.peer;

import org.jspecify.annotations.NullMarked;
