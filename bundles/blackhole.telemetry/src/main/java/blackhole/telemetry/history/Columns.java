package blackhole.telemetry.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The names of a file's columns, in the order in which they first came. A name is on disk before a
 * value stands under it, and stays. Written by one thread at a time, read by any.
 */
final class Columns {
  /** Of the file, for one name: a checksum, a length, and the name. */
  private static final int ENTRY_BYTES = 64;

  private static final int HEAD_BYTES = 5;

  /** In UTF-8. */
  static final int MAX_NAME_BYTES = ENTRY_BYTES - HEAD_BYTES;

  private final FileChannel channel;
  private final long offset;
  private final int capacity;

  /** Replaced as a whole. */
  private volatile Map<String, Integer> columns;

  private Columns(FileChannel channel, long offset, int capacity, Map<String, Integer> columns) {
    this.channel = channel;
    this.offset = offset;
    this.capacity = capacity;
    this.columns = columns;
  }

  static int bytes(int capacity) {
    return capacity * ENTRY_BYTES;
  }

  /**
   * @param offset where they begin
   */
  static Columns read(FileChannel channel, long offset, int capacity) throws IOException {
    Map<String, Integer> columns = new LinkedHashMap<>();
    for (int i = 0; i < capacity; i++) {
      ByteBuffer entry = RingFile.read(channel, offset + (long) i * ENTRY_BYTES, ENTRY_BYTES);
      int length = entry.get(Integer.BYTES);
      if (length <= 0 || length > MAX_NAME_BYTES || entry.getInt(0) != checksum(entry)) {
        break;
      }
      columns.put(new String(entry.array(), HEAD_BYTES, length, UTF_8), i);
    }
    return new Columns(channel, offset, capacity, columns);
  }

  Map<String, Integer> all() {
    return columns;
  }

  /**
   * Makes a column for each name that has none, as long as there is room, and returns when the
   * names are on disk.
   *
   * @return those that got none: there is no room, or the name is too long
   */
  List<String> add(Iterable<String> names) throws IOException {
    Map<String, Integer> known = columns;
    Map<String, Integer> more = new HashMap<>(known);
    List<String> refused = new ArrayList<>();
    for (String name : names) {
      if (!more.containsKey(name)) {
        byte[] text = name.getBytes(UTF_8);
        if (more.size() >= capacity || text.length == 0 || text.length > MAX_NAME_BYTES) {
          refused.add(name);
        } else {
          write(more.size(), text);
          more.put(name, more.size());
        }
      }
    }
    if (more.size() > known.size()) {
      channel.force(false);
      columns = Map.copyOf(more);
    }
    return refused;
  }

  private void write(int index, byte[] text) throws IOException {
    ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
    entry.position(Integer.BYTES).put((byte) text.length).put(text);
    entry.putInt(0, checksum(entry)).rewind();
    RingFile.write(channel, offset + (long) index * ENTRY_BYTES, entry);
  }

  private static int checksum(ByteBuffer entry) {
    CRC32C checksum = new CRC32C();
    checksum.update(entry.array(), Integer.BYTES, ENTRY_BYTES - Integer.BYTES);
    return (int) checksum.getValue();
  }
}
