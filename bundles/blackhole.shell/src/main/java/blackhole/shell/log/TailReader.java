package blackhole.shell.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads the end of a file without the rest. */
final class TailReader {
  private static final int BLOCK_BYTES = 16 * 1024;

  private TailReader() {}

  /**
   * The last lines before a position.
   *
   * @param end up to where to read; a last line without an end counts
   */
  static List<String> lines(FileChannel file, long end, int count) throws IOException {
    long start = end;
    int newlines = 0;
    // One more than asked for: the newline before the first of them.
    while (start > 0 && newlines <= count) {
      int length = (int) Math.min(BLOCK_BYTES, start);
      byte[] block = read(file, start - length, length);
      for (int i = length - 1; i >= 0 && newlines <= count; i--) {
        start--;
        if (block[i] == '\n' && start != end - 1) {
          newlines++;
        }
      }
    }
    boolean atNewline = newlines > count;
    String text =
        new String(readAll(file, start + (atNewline ? 1 : 0), end), StandardCharsets.UTF_8);
    List<String> lines = text.lines().toList();
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }

  /** The position behind the last newline before {@code end}. */
  static long lastLineEnd(FileChannel file, long end) throws IOException {
    long position = end;
    while (position > 0) {
      int length = (int) Math.min(BLOCK_BYTES, position);
      byte[] block = read(file, position - length, length);
      for (int i = length - 1; i >= 0; i--) {
        if (block[i] == '\n') {
          return position - length + i + 1;
        }
      }
      position -= length;
    }
    return 0;
  }

  private static byte[] readAll(FileChannel file, long from, long to) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (long at = from; at < to; at += BLOCK_BYTES) {
      bytes.writeBytes(read(file, at, (int) Math.min(BLOCK_BYTES, to - at)));
    }
    return bytes.toByteArray();
  }

  private static byte[] read(FileChannel file, long from, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && file.read(buffer, from + buffer.position()) >= 0) {
      // a file may be read in parts
    }
    return buffer.array();
  }
}
