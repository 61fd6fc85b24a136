package blackhole.endpoint.socket;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.UserPrincipal;

/** Decides whether a process that connected may stay. Called on an event loop, so it is quick. */
@FunctionalInterface
public interface PeerAdmission {
  /**
   * @param owner the user that this process runs as
   */
  boolean admits(SocketChannel peer, UserPrincipal owner) throws IOException;
}
