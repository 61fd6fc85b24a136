package blackhole.storage.cid;

import blackhole.storage.call.StorageException;
import blackhole.storage.call.StorageException.Reason;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;

/**
 * The name of a blob: a <a href="https://github.com/multiformats/cid">CID</a> of version 1, with
 * the codec raw and a sha2-256 multihash, in lower-case base32. Each blob has exactly one.
 *
 * @param text {@code b} and 58 characters
 */
public record Cid(String text) {
  private static final int VERSION = 1;
  private static final int RAW = 0x55;
  private static final int SHA2_256 = 0x12;
  private static final int DIGEST_BYTES = 32;
  private static final int LONGEST = 512;

  /** Of the multibase table: the letters that CIDs are seen with. */
  private static final Map<Character, String> OTHER_BASES =
      Map.of(
          'B', "upper-case base32",
          'f', "base16",
          'F', "upper-case base16",
          'k', "base36",
          'm', "base64",
          'u', "base64url",
          'v', "base32hex",
          'z', "base58btc");

  private static final Map<Long, String> CODECS =
      Map.of(0x70L, "dag-pb", 0x71L, "dag-cbor", 0x72L, "libp2p-key", 0x129L, "dag-json");

  private static final Map<Long, String> HASHES =
      Map.of(
          0x00L, "identity",
          0x11L, "sha1",
          0x13L, "sha2-512",
          0x16L, "sha3-256",
          0x1bL, "keccak-256",
          0x1eL, "blake3",
          0xb220L, "blake2b-256");

  /** A digest of the kind that {@link #of} takes. */
  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Of the bytes that the digest was made of. */
  public static Cid of(byte[] sha256) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + DIGEST_BYTES);
    bytes.put((byte) VERSION).put((byte) RAW).put((byte) SHA2_256).put((byte) DIGEST_BYTES);
    return new Cid("b" + Base32.encode(bytes.put(sha256).array()));
  }

  /**
   * @throws StorageException {@link Reason#INVALID_CID}, saying what it is instead
   */
  public static Cid parse(String text) {
    try {
      check(text);
    } catch (IllegalArgumentException e) {
      String what = String.valueOf(e.getMessage());
      throw new StorageException(
          Reason.INVALID_CID, text.isEmpty() ? what : shown(text) + " " + what);
    }
    return new Cid(text);
  }

  /** Whether {@link #parse} takes it. */
  public static boolean isValid(String text) {
    try {
      check(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String shown(String text) {
    return text.length() <= LONGEST / 4
        ? "'" + text + "'"
        : "a CID of " + text.length() + " letters";
  }

  private static void check(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a CID is needed");
    }
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException("is too long");
    }
    if (text.startsWith("Qm") && text.length() == 46) {
      throw new IllegalArgumentException("is of version 0; only version 1 is known here");
    }
    if (text.charAt(0) != 'b') {
      String base = OTHER_BASES.get(text.charAt(0));
      throw new IllegalArgumentException(
          base == null
              ? "is not a CID in base32: it must begin with 'b'"
              : "is written in " + base + "; write it in lower-case base32, which begins with 'b'");
    }
    check(ByteBuffer.wrap(Base32.decode(text.substring(1))));
  }

  private static void check(ByteBuffer bytes) {
    long version = varint(bytes);
    if (version != VERSION) {
      throw new IllegalArgumentException("is not a CID of version 1");
    }
    long codec = varint(bytes);
    if (codec != RAW) {
      throw new IllegalArgumentException(
          "has the codec " + named(CODECS, codec) + "; only raw (0x55) is known here");
    }
    long hash = varint(bytes);
    if (hash != SHA2_256) {
      throw new IllegalArgumentException(
          "has the hash " + named(HASHES, hash) + "; only sha2-256 (0x12) is known here");
    }
    long length = varint(bytes);
    if (length != DIGEST_BYTES || bytes.remaining() != DIGEST_BYTES) {
      throw new IllegalArgumentException("has a digest that is not of 32 bytes");
    }
  }

  private static String named(Map<Long, String> names, long code) {
    String name = names.get(code);
    String number = "0x" + Long.toHexString(code);
    return name == null ? number : name + " (" + number + ")";
  }

  /**
   * An <a href="https://github.com/multiformats/unsigned-varint">unsigned varint</a>: at most nine
   * bytes, and no longer than need be.
   */
  private static long varint(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; shift < 63 && bytes.hasRemaining(); shift += 7) {
      byte next = bytes.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        if (next == 0 && shift > 0) {
          throw new IllegalArgumentException("has a number that is longer than need be");
        }
        return value;
      }
    }
    throw new IllegalArgumentException("is cut off");
  }

  @Override
  public String toString() {
    return text;
  }
}
