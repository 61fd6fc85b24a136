package blackhole.storage.cid;

/**
 * Base32 of <a href="https://www.rfc-editor.org/rfc/rfc4648#section-6">RFC 4648</a> in lower case
 * and without padding, as multibase's {@code b} has it. Each text that is decoded is the only one
 * for its bytes.
 */
final class Base32 {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int BITS = 5;

  private Base32() {}

  static String encode(byte[] bytes) {
    StringBuilder text = new StringBuilder((bytes.length * Byte.SIZE + BITS - 1) / BITS);
    int buffer = 0;
    int filled = 0;
    for (byte next : bytes) {
      buffer = buffer << Byte.SIZE | next & 0xff;
      filled += Byte.SIZE;
      while (filled >= BITS) {
        filled -= BITS;
        text.append(ALPHABET.charAt(buffer >>> filled & 0x1f));
      }
    }
    if (filled > 0) {
      text.append(ALPHABET.charAt(buffer << BITS - filled & 0x1f));
    }
    return text.toString();
  }

  /**
   * @throws IllegalArgumentException saying what is wrong
   */
  static byte[] decode(String text) {
    byte[] bytes = new byte[text.length() * BITS / Byte.SIZE];
    int length = 0;
    int buffer = 0;
    int filled = 0;
    for (int i = 0; i < text.length(); i++) {
      int value = ALPHABET.indexOf(text.charAt(i));
      if (value < 0) {
        throw new IllegalArgumentException("has a character that is not of lower-case base32");
      }
      buffer = buffer << BITS | value;
      filled += BITS;
      if (filled >= Byte.SIZE) {
        filled -= Byte.SIZE;
        bytes[length++] = (byte) (buffer >>> filled);
      }
    }
    if (filled >= BITS || (buffer & (1 << filled) - 1) != 0) {
      throw new IllegalArgumentException("is cut off, or has bits beyond its last byte");
    }
    return bytes;
  }
}
