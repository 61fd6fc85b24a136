package blackhole.shell.gogo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Collects what is printed, up to a bound. Then it fails, and says so: printing goes through a
 * {@code PrintStream}, which keeps failures to itself.
 */
final class BoundedOutput extends OutputStream {
  private final int limitBytes;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Runnable whenFull;
  private boolean full;

  BoundedOutput(int limitBytes, Runnable whenFull) {
    this.limitBytes = limitBytes;
    this.whenFull = whenFull;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] buffer, int offset, int length) throws IOException {
    int fits = Math.min(length, limitBytes - bytes.size());
    bytes.write(buffer, offset, fits);
    if (fits < length) {
      if (!full) {
        full = true;
        whenFull.run();
      }
      throw new IOException("more output than the " + limitBytes + " bytes that are kept");
    }
  }

  synchronized boolean isFull() {
    return full;
  }

  synchronized String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
