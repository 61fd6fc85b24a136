package blackhole.launcher;

import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameChannel;
import blackhole.shell.protocol.FrameType;
import blackhole.shell.protocol.ShellRequest;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
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

  private static final String DUMB = "dumb";

  /** Ordinary keys, no bracketed paste: what a server that died could not undo itself. */
  private static final byte[] ORDINARY_KEYS =
      "\u001b[?2004l\u001b[?1l\u001b>\r\n".getBytes(StandardCharsets.US_ASCII);

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
    return new ShellRequest(
        term(), Tty.size(), Path.of("").toAbsolutePath().toString(), foreground);
  }

  private String term() {
    String term = environment.get("TERM");
    return term == null || term.isEmpty() ? DUMB : term;
  }

  private End relay(FrameChannel node) throws IOException {
    ClientOutput output = new ClientOutput();
    End end = relay(node, output);
    if (end == End.GONE && !term().equals(DUMB)) {
      output.write(new Frame(FrameType.STDOUT, ORDINARY_KEYS));
    }
    return end;
  }

  private static End relay(FrameChannel node, ClientOutput output) throws IOException {
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
      if (frame.type() == FrameType.EXIT || !output.write(frame)) {
        return End.LEFT;
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
