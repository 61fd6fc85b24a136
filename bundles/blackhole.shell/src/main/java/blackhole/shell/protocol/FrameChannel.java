package blackhole.shell.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Frames over a connection: one byte of {@link FrameType}, four bytes of length (big-endian), the
 * payload. A client opens with {@link FrameType#EXEC}, {@link FrameType#SHELL} or {@link
 * FrameType#COMMAND}, whose payloads begin with {@link #VERSION}; the server answers with output
 * and, last, {@link FrameType#EXIT}. A server that does not speak the version says so on {@link
 * FrameType#STDERR} and ends with exit code 1, so that kind of frame never changes. An end of the
 * connection before {@link FrameType#EXIT} means that the other side is gone.
 *
 * <p>One thread may read while others write. It stands on a channel and not on streams, because
 * those of a socket channel share one lock for both directions before JDK 19.
 */
public final class FrameChannel implements AutoCloseable {
  /** The first byte of every opening request. */
  public static final byte VERSION = 1;

  /** A frame that claims more is refused before anything is allocated for it. */
  public static final int MAX_PAYLOAD_BYTES = 1 << 20;

  static final int HEADER_BYTES = 5;

  private final ByteChannel channel;
  private final Object writing = new Object();

  public FrameChannel(ByteChannel channel) {
    this.channel = channel;
  }

  /**
   * The next frame, or null when the other side closed the connection between two frames.
   *
   * @throws ProtocolException on garbage, or a connection that ends inside a frame
   */
  public @Nullable Frame read() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    if (!fill(header)) {
      return null;
    }
    byte code = header.get();
    FrameType type = FrameType.of(code);
    if (type == null) {
      throw new ProtocolException("unknown kind of frame: " + code);
    }
    int length = header.getInt();
    if (length < 0 || length > MAX_PAYLOAD_BYTES) {
      throw new ProtocolException("a frame of " + length + " bytes is over the limit");
    }
    ByteBuffer payload = ByteBuffer.allocate(length);
    if (length > 0 && !fill(payload)) {
      throw new ProtocolException("the connection ended inside a frame");
    }
    return new Frame(type, payload.array());
  }

  /** Writes a whole frame; several threads may. */
  public void write(Frame frame) throws IOException {
    if (frame.payload().length > MAX_PAYLOAD_BYTES) {
      throw new ProtocolException(
          "a frame of " + frame.payload().length + " bytes is over the limit");
    }
    ByteBuffer buffer = frame.encode();
    synchronized (writing) {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  /** False at the end of the connection, if nothing of the buffer was read yet. */
  private boolean fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        if (buffer.position() == 0) {
          return false;
        }
        throw new ProtocolException("the connection ended inside a frame");
      }
    }
    buffer.flip();
    return true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
