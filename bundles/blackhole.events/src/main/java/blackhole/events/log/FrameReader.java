package blackhole.events.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** Reads frames of one file, one after the other through a window. Not thread-safe. */
final class FrameReader {
  private static final int WINDOW_BYTES = 64 << 10;

  private final FileChannel channel;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
  private long windowStart;

  FrameReader(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * The record at this place of the file, or null if there is none that is whole.
   *
   * @param end where the file ends, or what may be read of it
   * @param after the position of the record before
   */
  @Nullable LogRecord read(long offset, long end, long after) throws IOException {
    long room = end - offset;
    if (room < Frame.HEADER_BYTES || !show(offset, Frame.HEADER_BYTES, end)) {
      return null;
    }
    int length = Frame.bodyLength(window, after, room);
    if (length < 0) {
      return null;
    }
    ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES);
    header.put(window.slice(window.position(), Frame.HEADER_BYTES)).flip();
    byte[] body = new byte[length];
    return copy(offset + Frame.HEADER_BYTES, body, end) ? Frame.decode(header, body) : null;
  }

  /** Where the next whole record is, at this place or behind it; -1 if there is none. */
  long find(long offset, long end, long after) throws IOException {
    for (long at = offset; end - at >= Frame.HEADER_BYTES; at++) {
      if (read(at, end, after) != null) {
        return at;
      }
    }
    return -1;
  }

  /** Moves the window so that so many bytes of a place are in it; false if the file ends before. */
  private boolean show(long offset, int bytes, long end) throws IOException {
    if (offset < windowStart || offset + bytes > windowStart + window.limit()) {
      windowStart = offset;
      window.clear().limit((int) Math.min(WINDOW_BYTES, end - offset));
      while (window.hasRemaining()) {
        if (channel.read(window, windowStart + window.position()) < 0) {
          break;
        }
      }
      window.flip();
    }
    window.position((int) Math.min(offset - windowStart, window.limit()));
    return window.remaining() >= bytes;
  }

  private boolean copy(long offset, byte[] into, long end) throws IOException {
    if (into.length <= WINDOW_BYTES) {
      boolean shown = show(offset, into.length, end);
      if (shown) {
        window.get(into);
      }
      return shown;
    }
    ByteBuffer rest = ByteBuffer.wrap(into);
    while (rest.hasRemaining()) {
      if (channel.read(rest, offset + rest.position()) < 0) {
        return false;
      }
    }
    return true;
  }
}
