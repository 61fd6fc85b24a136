package blackhole.launcher;

import blackhole.api.host.NodeHome;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds the way to the running node. */
final class NodeConnection {
  /** A node that is just coming up is worth a moment's patience. */
  private static final long STARTING_MILLIS = TimeUnit.SECONDS.toMillis(20);

  private NodeConnection() {}

  /**
   * Connects to the node's shell.
   *
   * @throws LauncherException with code 3 when no node runs
   */
  static SocketChannel open(NodeHome home) throws IOException, InterruptedException {
    SocketChannel connected = tryOpen(home.shellSocket());
    if (connected != null) {
      return connected;
    }
    // Who knows the lock is slower than who just connects, so it comes second.
    if (!HomeLock.isHeld(home)) {
      throw noNode(home);
    }
    connected = ShellSocket.await(home.shellSocket(), STARTING_MILLIS);
    if (connected != null) {
      return connected;
    }
    if (!HomeLock.isHeld(home)) {
      throw noNode(home);
    }
    throw new LauncherException(
        ExitCodes.FAILED,
        "the node at " + home + " (PID " + LockHolder.pid(home.lock()) + ") does not answer",
        "it may still be starting; its log is " + home.nodeLog());
  }

  static LauncherException noNode(NodeHome home) {
    return new LauncherException(
        ExitCodes.NO_NODE,
        "no node runs at " + home,
        "start one with: " + Help.PROGRAM + " run --home " + home);
  }

  /** Null when nobody listens there. */
  static @Nullable SocketChannel tryOpen(Path socket) throws IOException {
    if (!Files.exists(socket)) {
      return null;
    }
    try {
      return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      if (!Files.isReadable(socket) && Files.exists(socket)) {
        throw e;
      }
      return null;
    }
  }
}
