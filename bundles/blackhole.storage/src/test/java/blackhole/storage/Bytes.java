package blackhole.storage;

import blackhole.storage.cid.Cid;
import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.Random;

/** Content that need not be kept to be known: the same seed and length give the same bytes. */
final class Bytes {
  private static final int PIECE = 1 << 20;

  private Bytes() {}

  static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Pieces of 1 MB, made one by one. */
  static Iterator<ByteString> pieces(long seed, int count) {
    return new Iterator<>() {
      private int given;

      @Override
      public boolean hasNext() {
        return given < count;
      }

      @Override
      public ByteString next() {
        return ByteString.copyFrom(random(seed + given++, PIECE));
      }
    };
  }

  static String cid(byte[] content) {
    return Cid.of(Cid.newDigest().digest(content)).text();
  }

  static String cid(Iterator<ByteString> pieces) {
    MessageDigest digest = Cid.newDigest();
    pieces.forEachRemaining(piece -> digest.update(piece.toByteArray()));
    return Cid.of(digest.digest()).text();
  }
}
