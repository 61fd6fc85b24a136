package blackhole.launcher;

import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameChannel;
import blackhole.shell.protocol.ShellRequest;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;

/**
 * The terminal's side of an interactive shell: keys go to the node, bytes come back. Editing,
 * history and completion are the node's.
 */
final class ShellClient {
  /** How a session ended. */
  enum End {
    /** Its user left. */
    LEFT,
    /** The node, or its orchestrator, is gone. */
    GONE
  }

  private final boolean foreground;
  private final Map<String, String> environment;

  ShellClient(boolean foreground, Map<String, String> environment) {
    this.foreground = foreground;
    this.environment = environment;
  }

  /** Runs one session on this connection, and closes it. */
  End run(SocketChannel connection) throws IOException {
    try (FrameChannel node = new FrameChannel(connection)) {
      node.write(request().encode());
      Signals.on("WINCH", () -> resize(node));
      Tty.raw();
      Keyboard.get().attach(node);
      return relay(node);
    } finally {
      Keyboard.get().detach();
      Tty.restore();
    }
  }

  private ShellRequest request() {
    String term = environment.get("TERM");
    return new ShellRequest(
        term == null || term.isEmpty() ? "dumb" : term,
        Tty.size(),
        Path.of("").toAbsolutePath().toString(),
        foreground);
  }

  private static End relay(FrameChannel node) throws IOException {
    ClientOutput output = new ClientOutput();
    while (true) {
      Frame frame;
      try {
        frame = node.read();
      } catch (AsynchronousCloseException e) {
        return End.LEFT;
      } catch (IOException e) {
        return End.GONE;
      }
      if (frame == null) {
        return End.GONE;
      }
      switch (frame.type()) {
        case STDOUT:
          if (!output.stdout(frame.payload())) {
            return End.LEFT;
          }
          break;
        case STDERR:
          output.stderr(frame.payload());
          break;
        case EXIT:
          return End.LEFT;
        default:
          throw new IOException("the node sent " + frame.type());
      }
    }
  }

  private static void resize(FrameChannel node) {
    try {
      node.write(Tty.size().encode());
    } catch (IOException e) {
      // The session is ending.
    }
  }
}
