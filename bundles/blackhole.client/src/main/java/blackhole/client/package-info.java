/**
 * The way out: channels to other processes, over Unix sockets and over TLS, as services. What calls
 * to a service go through on their way is in {@link blackhole.client.service}.
 */
@NullMarked
package blackhole.client;

import org.jspecify.annotations.NullMarked;
