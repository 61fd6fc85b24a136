package blackhole.launcher;

import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameChannel;
import blackhole.shell.protocol.FrameType;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Our stdin, sent piece by piece as the node asks for it, so that what no command wants stays with
 * the script that we run in. It has a thread of its own, which a read that never returns may keep
 * until the process ends.
 */
final class StdinPump {
  private static final int PIECE_BYTES = 16 * 1024;

  private final FrameChannel node;
  private final Semaphore asked = new Semaphore(0);
  private boolean started;

  StdinPump(FrameChannel node) {
    this.node = node;
  }

  /** Sends what comes next, once there is something. Called by one thread. */
  void sendNext() {
    asked.release();
    if (!started) {
      started = true;
      Thread pump = new Thread(this::pump, "stdin");
      pump.setDaemon(true);
      pump.start();
    }
  }

  private void pump() {
    byte[] buffer = new byte[PIECE_BYTES];
    FileInputStream in = new FileInputStream(FileDescriptor.in);
    try {
      int count;
      do {
        asked.acquire();
        count = in.read(buffer);
        node.write(
            count < 0
                ? Frame.of(FrameType.STDIN_END)
                : Frame.of(FrameType.STDIN, buffer, 0, count));
      } while (count >= 0);
    } catch (IOException e) {
      // The node is gone, which whoever reads from it finds too; or stdin is nothing to read from.
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end() {
    try {
      node.write(Frame.of(FrameType.STDIN_END));
    } catch (IOException e) {
      // It is the node that is gone.
    }
  }
}
