/** Mutual TLS with other nodes, and what went wrong with it in words. */
@NullMarked
package blackhole.client.tls;

import org.jspecify.annotations.NullMarked;
