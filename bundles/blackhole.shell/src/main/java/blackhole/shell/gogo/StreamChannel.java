package blackhole.shell.gogo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** A stream as a channel that is never closed, by an interrupt least of all. */
final class StreamChannel implements ByteChannel {
  private static final int BLOCK_BYTES = 8192;

  private final InputStream in;
  private final OutputStream out;

  private StreamChannel(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  static StreamChannel from(InputStream in) {
    return new StreamChannel(in, OutputStream.nullOutputStream());
  }

  static StreamChannel to(OutputStream out) {
    return new StreamChannel(InputStream.nullInputStream(), out);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    byte[] block = new byte[Math.min(BLOCK_BYTES, target.remaining())];
    int count = in.read(block);
    if (count > 0) {
      target.put(block, 0, count);
    }
    return count;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    out.write(bytes);
    out.flush();
    return bytes.length;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {
    // The stream belongs to the session.
  }
}
