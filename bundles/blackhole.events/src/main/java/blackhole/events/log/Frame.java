package blackhole.events.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How a record stands in a file, numbers in network order:
 *
 * <pre>
 *  4 bytes  CRC-32C of all that follows
 *  4 bytes  length of the body
 *  8 bytes  position
 *  8 bytes  when it was stored, in Unix milliseconds
 *  n bytes  body
 * </pre>
 */
final class Frame {
  static final int HEADER_BYTES = 24;

  /** More is no length, but garbage. */
  static final int MAX_BODY_BYTES = 64 << 20;

  private static final int CHECKSUM_BYTES = 4;

  private Frame() {}

  static int size(int bodyBytes) {
    return HEADER_BYTES + bodyBytes;
  }

  static int size(LogRecord written) {
    return size(written.body().length);
  }

  /** Puts the header of a frame; its body is to follow. */
  static void putHeader(ByteBuffer into, LogRecord written) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header
        .putInt(0)
        .putInt(written.body().length)
        .putLong(written.position())
        .putLong(written.storedAtMillis());
    header.putInt(0, checksum(header, written.body()));
    into.put(header.flip());
  }

  private static int checksum(ByteBuffer header, byte[] body) {
    CRC32C checksum = new CRC32C();
    checksum.update(header.duplicate().position(CHECKSUM_BYTES).limit(HEADER_BYTES));
    checksum.update(body);
    return (int) checksum.getValue();
  }

  /**
   * The length of the body that a header announces, or -1 if it cannot be one.
   *
   * @param header its bytes from the buffer's position on, which stays
   * @param after the position of the record before it
   * @param room from the header's start to where the file ends
   */
  static int bodyLength(ByteBuffer header, long after, long room) {
    int start = header.position();
    int length = header.getInt(start + CHECKSUM_BYTES);
    long position = header.getLong(start + 8);
    boolean possible =
        length >= 0 && length <= MAX_BODY_BYTES && size(length) <= room && position > after;
    return possible ? length : -1;
  }

  /** The record, or null if its checksum is not that of its bytes. */
  static @Nullable LogRecord decode(ByteBuffer header, byte[] body) {
    ByteBuffer own = ByteBuffer.allocate(HEADER_BYTES);
    own.put(header.duplicate().limit(header.position() + HEADER_BYTES)).flip();
    return own.getInt(0) == checksum(own, body)
        ? new LogRecord(own.getLong(8), own.getLong(16), body)
        : null;
  }
}
