package blackhole.shell.gogo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Collects what is printed, up to a bound; then it fails, so that the printing ends. */
final class BoundedOutput extends OutputStream {
  private final int limitBytes;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean full;

  BoundedOutput(int limitBytes) {
    this.limitBytes = limitBytes;
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
      full = true;
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
