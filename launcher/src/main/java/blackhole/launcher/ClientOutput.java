package blackhole.launcher;

import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameType;
import blackhole.shell.protocol.ProtocolException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Our stdout and stderr, byte for byte: what the node sends is UTF-8 already, and {@code
 * System.out} would swallow errors.
 */
final class ClientOutput {
  private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
  private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);

  /**
   * Writes what a frame of output holds.
   *
   * @return false when the reader of our stdout's pipe has closed it
   * @throws IOException for any other reason, such as a full disk
   */
  boolean write(Frame frame) throws IOException {
    if (frame.type() == FrameType.STDOUT) {
      return stdout(frame.payload());
    }
    if (frame.type() != FrameType.STDERR) {
      throw new ProtocolException("the node sent " + frame.type());
    }
    stderr(frame.payload());
    return true;
  }

  private boolean stdout(byte[] bytes) throws IOException {
    try {
      out.write(bytes);
      return true;
    } catch (IOException e) {
      // The system's message is in the user's language, so the kind of file has to tell.
      if (isPipe()) {
        return false;
      }
      throw new IOException("cannot write to stdout: " + e.getMessage(), e);
    }
  }

  /** Writes to stderr; where even that fails, there is nobody left to tell. */
  private void stderr(byte[] bytes) {
    try {
      err.write(bytes);
    } catch (IOException e) {
      return;
    }
  }

  private static boolean isPipe() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("pipe:") || target.startsWith("socket:");
    } catch (IOException e) {
      return false;
    }
  }
}
