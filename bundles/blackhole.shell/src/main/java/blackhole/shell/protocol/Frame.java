package blackhole.shell.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One message. Its payload belongs to it: neither maker nor reader changes the bytes.
 *
 * @param payload at most {@link FrameChannel#MAX_PAYLOAD_BYTES}
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, compared by nobody
public record Frame(FrameType type, byte[] payload) {
  private static final byte[] EMPTY = {};

  public static Frame of(FrameType type) {
    return new Frame(type, EMPTY);
  }

  /** A copy of part of a buffer. */
  public static Frame of(FrameType type, byte[] bytes, int offset, int length) {
    byte[] copy = new byte[length];
    System.arraycopy(bytes, offset, copy, 0, length);
    return new Frame(type, copy);
  }

  public static Frame text(FrameType type, String text) {
    return new Frame(type, text.getBytes(StandardCharsets.UTF_8));
  }

  public static Frame exit(int code) {
    return new Frame(FrameType.EXIT, new byte[] {(byte) code});
  }

  /**
   * What an {@link FrameType#EXIT} frame says.
   *
   * @throws ProtocolException when it is malformed
   */
  public int exitCode() throws ProtocolException {
    if (type != FrameType.EXIT || payload.length != 1) {
      throw new ProtocolException("not an exit code");
    }
    return payload[0] & 0xff;
  }

  public String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  ByteBuffer encode() {
    return ByteBuffer.allocate(FrameChannel.HEADER_BYTES + payload.length)
        .put(type.code())
        .putInt(payload.length)
        .put(payload)
        .flip();
  }
}
