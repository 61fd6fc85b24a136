package blackhole.shell.server;

import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameType;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;

/**
 * A client's stdin, asked for piece by piece as it is read: what no command reads is left to the
 * client's other children, and the connection's reader never waits for a command that is slow. One
 * thread reads; pieces come on another.
 */
final class ClientInput extends InputStream {
  private static final byte[] NOTHING = {};

  private final FrameOutput output;

  // guarded by this
  private byte[] piece = NOTHING;
  private int position;
  private boolean asked;
  private boolean ended;

  ClientInput(FrameOutput output) {
    this.output = output;
  }

  /** Takes the piece that was asked for; one that was not is no input. */
  synchronized void receive(byte[] bytes) {
    if (asked) {
      asked = false;
      piece = bytes;
      position = 0;
      notifyAll();
    }
  }

  /** There is no more. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    while (position == piece.length) {
      if (ended) {
        return -1;
      }
      if (!asked) {
        asked = true;
        output.send(Frame.of(FrameType.READ));
      }
      await();
    }
    int count = Math.min(length, piece.length - position);
    System.arraycopy(piece, position, bytes, offset, count);
    position += count;
    return count;
  }

  @SuppressWarnings("WaitNotInLoop") // the caller's
  private void await() throws InterruptedIOException {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public synchronized int available() {
    return piece.length - position;
  }
}
