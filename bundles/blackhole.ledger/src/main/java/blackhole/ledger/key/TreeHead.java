package blackhole.ledger.key;

import blackhole.ledger.merkle.Hash;
import java.nio.ByteBuffer;

/**
 * What a head says: RFC 9162's {@code TreeHeadDataV2}, without extensions.
 *
 * @param timestamp Unix milliseconds
 */
public record TreeHead(long timestamp, long size, Hash root) {
  /** What is signed. */
  public byte[] bytes() {
    return ByteBuffer.allocate(8 + 8 + 1 + Hash.SIZE + 2)
        .putLong(timestamp)
        .putLong(size)
        .put((byte) Hash.SIZE)
        .put(root.bytes())
        .putShort((short) 0)
        .array();
  }
}
