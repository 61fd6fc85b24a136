/** Mutual TLS for the TCP port, and what its refusals are called. */
@NullMarked
package blackhole.endpoint.tls;

import org.jspecify.annotations.NullMarked;
