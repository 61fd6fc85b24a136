package blackhole.ledger.merkle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 hash, and how the tree's are made (RFC 9162, 2.1.1). Immutable. */
public final class Hash {
  /** Bytes. */
  public static final int SIZE = 32;

  /** What the first entry names as the one before. */
  public static final Hash ZERO = new Hash(new byte[SIZE]);

  /** The root of a tree without entries. */
  public static final Hash EMPTY_TREE = new Hash(newDigest().digest());

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @throws IllegalArgumentException unless there are 32 bytes
   */
  public static Hash of(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
    }
    return new Hash(bytes.clone());
  }

  /** Of what an entry is hashed as. */
  public static Hash leaf(byte[] input) {
    MessageDigest digest = newDigest();
    digest.update(LEAF);
    return new Hash(digest.digest(input));
  }

  public static Hash node(Hash left, Hash right) {
    MessageDigest digest = newDigest();
    digest.update(NODE);
    digest.update(left.bytes);
    return new Hash(digest.digest(right.bytes));
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** In hexadecimal. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
