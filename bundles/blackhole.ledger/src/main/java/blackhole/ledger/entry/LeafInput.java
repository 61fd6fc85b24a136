package blackhole.ledger.entry;

import static java.nio.charset.StandardCharsets.UTF_8;

import blackhole.ledger.merkle.Hash;
import com.google.protobuf.ByteString;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;

/**
 * The bytes of an entry: what stands in the log, and what is hashed. Their order is published in
 * ledger.proto, so that everybody can make them from an entry's fields; each entry has exactly one
 * such form.
 */
public final class LeafInput {
  private static final byte VERSION = 1;
  private static final int FIXED = 1 + 8 + 8 + Hash.SIZE;
  private static final int TEXTS = 4;

  /** Bytes of the least that can be one. */
  public static final int MIN_SIZE = FIXED + TEXTS * 2 + 4;

  private static final int MAX_TEXT = 0xffff;

  private LeafInput() {}

  /**
   * @throws IllegalArgumentException for a text of more than 65,535 bytes
   */
  public static byte[] encode(long index, long recordedAt, Hash previous, Draft draft) {
    List<byte[]> texts =
        List.of(
            draft.account().getBytes(UTF_8),
            draft.type().getBytes(UTF_8),
            draft.key().getBytes(UTF_8),
            draft.author().getBytes(UTF_8));
    int size = MIN_SIZE + draft.data().size();
    for (byte[] text : texts) {
      if (text.length > MAX_TEXT) {
        throw new IllegalArgumentException("a text of " + text.length + " bytes");
      }
      size += text.length;
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    out.put(VERSION).putLong(index).putLong(recordedAt).put(previous.bytes());
    for (byte[] text : texts) {
      out.putShort((short) text.length).put(text);
    }
    out.putInt(draft.data().size());
    draft.data().copyTo(out);
    return out.array();
  }

  /**
   * @throws IllegalArgumentException saying why these bytes are not those of an entry
   */
  public static Entry decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      byte version = in.get();
      if (version != VERSION) {
        throw new IllegalArgumentException("its version is " + version + ", not " + VERSION);
      }
      long index = in.getLong();
      long recordedAt = in.getLong();
      byte[] previous = new byte[Hash.SIZE];
      in.get(previous);
      Draft draft = new Draft(text(in), text(in), text(in), text(in), data(in));
      if (in.hasRemaining()) {
        throw new IllegalArgumentException("it has " + in.remaining() + " bytes too many");
      }
      return new Entry(index, recordedAt, Hash.of(previous), draft, Hash.leaf(bytes));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("it has bytes too few", e);
    }
  }

  private static String text(ByteBuffer in) {
    ByteBuffer text = next(in, Short.toUnsignedInt(in.getShort()));
    try {
      return UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a text in it is not UTF-8", e);
    }
  }

  private static ByteString data(ByteBuffer in) {
    return ByteString.copyFrom(next(in, in.getInt()));
  }

  private static ByteBuffer next(ByteBuffer in, int size) {
    if (size < 0 || size > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer slice = in.slice(in.position(), size);
    in.position(in.position() + size);
    return slice;
  }
}
