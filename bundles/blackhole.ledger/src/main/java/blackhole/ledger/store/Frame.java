package blackhole.ledger.store;

import blackhole.ledger.entry.Entry;
import blackhole.ledger.entry.LeafInput;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * How an entry stands in the log: the length of its bytes (4), a CRC-32C of the rest (4), the index
 * of the first entry that was written with it (8), its bytes.
 *
 * <p>Entries that are written together are synced together, and nothing is written after them until
 * they are. So a frame behind a broken one, of a later batch, tells that the broken one was whole
 * once: it is damaged, and not just cut off by a crash.
 *
 * @param batch the index of the first entry that was synced with this one
 * @param size bytes in the file
 */
record Frame(long batch, Entry entry, int size) {
  static final int HEADER = 4 + 4 + 8;

  /** Bytes of one at most: data of the largest size that can be set, and four texts. */
  static final int MAX_SIZE = HEADER + LeafInput.MIN_SIZE + 4 * 0xffff + (1 << 20);

  /** What the bytes are of which no frame can be made. */
  static final class BrokenException extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenException(String message) {
      super(message, null, false, false);
    }
  }

  static byte[] encode(long batch, byte[] leafInput) {
    ByteBuffer out = ByteBuffer.allocate(HEADER + leafInput.length);
    out.putInt(leafInput.length).putInt(0).putLong(batch).put(leafInput);
    out.putInt(4, checksum(out.array(), 0, out.capacity()));
    return out.array();
  }

  /** How many bytes the frame has that begins like this; 0 if none does. */
  static int size(byte[] bytes, int offset) {
    int length = ByteBuffer.wrap(bytes).getInt(offset);
    return length < LeafInput.MIN_SIZE || length > MAX_SIZE - HEADER ? 0 : HEADER + length;
  }

  /**
   * @param bytes all of a frame, from the offset on
   * @throws BrokenException saying what is wrong with it
   */
  static Frame decode(byte[] bytes, int offset, int size) throws BrokenException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getInt(offset + 4) != checksum(bytes, offset, size)) {
      throw new BrokenException("its checksum is wrong");
    }
    byte[] leafInput = new byte[size - HEADER];
    in.get(offset + HEADER, leafInput);
    try {
      return new Frame(in.getLong(offset + 8), LeafInput.decode(leafInput), size);
    } catch (IllegalArgumentException e) {
      throw new BrokenException(String.valueOf(e.getMessage()));
    }
  }

  /** Of all but the checksum itself. */
  private static int checksum(byte[] bytes, int offset, int size) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, 4);
    crc.update(bytes, offset + 8, size - 8);
    return (int) crc.getValue();
  }
}
