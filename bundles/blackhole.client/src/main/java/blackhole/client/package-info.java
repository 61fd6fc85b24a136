/**
 * The way out: channels to other processes. They are opened over Unix sockets by path; names,
 * balancing and protection stand on these.
 */
@NullMarked
package blackhole.client;

import org.jspecify.annotations.NullMarked;
