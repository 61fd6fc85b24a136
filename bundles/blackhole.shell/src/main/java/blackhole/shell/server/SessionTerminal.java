package blackhole.shell.server;

import blackhole.shell.protocol.WindowSize;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jline.terminal.Size;
import org.jline.terminal.impl.LineDisciplineTerminal;

/**
 * The terminal of a remote client, with the line discipline on our side: the client's own is raw,
 * so its keys come as bytes, Ctrl-C too.
 */
final class SessionTerminal extends LineDisciplineTerminal {
  /** What may be typed ahead of a line that runs; a real terminal has such a bound as well. */
  private static final int TYPED_AHEAD_BYTES = 512;

  SessionTerminal(String type, WindowSize size, OutputStream output) throws IOException {
    super("shell", type, output, StandardCharsets.UTF_8);
    resize(size);
  }

  void resize(WindowSize size) {
    setSize(new Size(size.columns(), size.rows()));
  }

  /**
   * Takes what was typed.
   *
   * @param reading whether somebody waits for it; if nobody does, this must not wait either, or a
   *     later Ctrl-C would never be looked at
   */
  void type(byte[] bytes, boolean reading) throws IOException {
    for (byte b : bytes) {
      boolean isSignal = b >= 0 && b < ' ' && b != '\r' && b != '\n';
      if (reading || isSignal || slaveInput.available() < TYPED_AHEAD_BYTES) {
        processInputByte(b & 0xff);
      }
    }
  }
}
