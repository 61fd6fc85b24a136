package blackhole.identity.did;

/**
 * Base58 with Bitcoin's alphabet, as multibase's {@code z} has it. Its cost grows with the square
 * of the length, so callers bound the length first.
 */
final class Base58 {
  private static final String ALPHABET =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

  private Base58() {}

  static String encode(byte[] bytes) {
    byte[] number = bytes.clone();
    int zeros = leadingZeros(number);
    StringBuilder reversed = new StringBuilder(number.length * 2);
    for (int start = zeros; start < number.length; ) {
      reversed.append(ALPHABET.charAt(divide(number, start, 256, 58)));
      while (start < number.length && number[start] == 0) {
        start++;
      }
    }
    reversed.append("1".repeat(zeros));
    return reversed.reverse().toString();
  }

  /**
   * @throws IllegalArgumentException for a character outside the alphabet
   */
  static byte[] decode(String text) {
    byte[] number = new byte[text.length()];
    for (int i = 0; i < number.length; i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        throw new IllegalArgumentException("'" + text.charAt(i) + "' is not a base58 character");
      }
      number[i] = (byte) digit;
    }
    int zeros = leadingZeros(number);
    byte[] reversed = new byte[number.length];
    int length = 0;
    for (int start = zeros; start < number.length; ) {
      reversed[length++] = (byte) divide(number, start, 58, 256);
      while (start < number.length && number[start] == 0) {
        start++;
      }
    }
    byte[] bytes = new byte[zeros + length];
    for (int i = 0; i < length; i++) {
      bytes[zeros + i] = reversed[length - 1 - i];
    }
    return bytes;
  }

  private static int leadingZeros(byte[] number) {
    int zeros = 0;
    while (zeros < number.length && number[zeros] == 0) {
      zeros++;
    }
    return zeros;
  }

  /** Divides a big-endian number with digits of one base in place; the remainder is the result. */
  private static int divide(byte[] number, int start, int base, int divisor) {
    int remainder = 0;
    for (int i = start; i < number.length; i++) {
      int value = remainder * base + (number[i] & 0xff);
      number[i] = (byte) (value / divisor);
      remainder = value % divisor;
    }
    return remainder;
  }
}
