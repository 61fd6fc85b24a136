package blackhole.itest.node;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports that nobody listens on at the moment. */
final class Ports {
  /**
   * Below those that Linux gives to whoever asks for any port, which would have them taken between
   * our look and the start of a node.
   */
  private static final int LOWEST = 20_000;

  private static final int BEYOND = 32_000;

  private Ports() {}

  /** Different ones. */
  static List<Integer> free(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      while (held.size() < count) {
        int port = ThreadLocalRandom.current().nextInt(LOWEST, BEYOND);
        try {
          held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        } catch (BindException e) {
          // somebody has it: another one
        }
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }
}
