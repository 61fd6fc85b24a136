/** The node's side of {@code exec} and {@code shell}: a socket, and a session for each client. */
@NullMarked
package blackhole.shell.server;

import org.jspecify.annotations.NullMarked;
