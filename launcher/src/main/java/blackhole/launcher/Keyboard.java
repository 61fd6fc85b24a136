package blackhole.launcher;

import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameChannel;
import blackhole.shell.protocol.FrameType;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What is typed, sent to whichever session is open. There is one for the process: a thread that
 * waits for a key can't be called back, so it outlives sessions, and what is typed between two is
 * dropped.
 */
final class Keyboard {
  private static final Keyboard INSTANCE = new Keyboard();

  private boolean started;
  private @Nullable FrameChannel session;

  private Keyboard() {}

  static Keyboard get() {
    return INSTANCE;
  }

  /** From now on, keys go here. */
  synchronized void attach(FrameChannel node) {
    session = node;
    if (!started) {
      started = true;
      Thread pump = new Thread(this::pump, "keyboard");
      pump.setDaemon(true);
      pump.start();
    }
  }

  synchronized void detach() {
    session = null;
  }

  private synchronized @Nullable FrameChannel session() {
    return session;
  }

  private void pump() {
    byte[] buffer = new byte[4096];
    FileInputStream in = new FileInputStream(FileDescriptor.in);
    int count;
    do {
      count = read(in, buffer);
      deliver(buffer, count);
    } while (count >= 0);
  }

  /** A terminal that was hung up fails like one that ended. */
  private static int read(FileInputStream in, byte[] buffer) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      return -1;
    }
  }

  private void deliver(byte[] buffer, int count) {
    FrameChannel node = session();
    if (node == null) {
      return;
    }
    try {
      if (count < 0) {
        node.close();
      } else {
        node.write(Frame.of(FrameType.STDIN, buffer, 0, count));
      }
    } catch (IOException e) {
      // Whoever reads from the session finds the same, and says so.
    }
  }
}
