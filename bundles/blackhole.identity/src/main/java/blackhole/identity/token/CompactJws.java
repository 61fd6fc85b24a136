package blackhole.identity.token;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The three parts of a JWS in its compact form (RFC 7515), taken apart strictly: base64url without
 * padding, in the one spelling that encoding gives, so that no other text is the same token.
 *
 * @param header as it stands in the text
 * @param payload decoded
 * @param signingInput what the signature is over
 */
record CompactJws(String header, byte[] payload, byte[] signingInput, byte[] signature) {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  /** Far longer than any token made here. */
  private static final int MAX_LENGTH = 4096;

  static Optional<CompactJws> parse(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    Optional<byte[]> payload = decode(parts[1]);
    Optional<byte[]> signature = decode(parts[2]);
    if (payload.isEmpty() || signature.isEmpty()) {
      return Optional.empty();
    }
    byte[] input = ascii(parts[0] + "." + parts[1]);
    return Optional.of(new CompactJws(parts[0], payload.get(), input, signature.get()));
  }

  /** What to sign for an encoded header and a payload. */
  static String signingInput(String header, String payload) {
    return header + "." + ENCODER.encodeToString(payload.getBytes(StandardCharsets.UTF_8));
  }

  static String compact(String signingInput, byte[] signature) {
    return signingInput + "." + ENCODER.encodeToString(signature);
  }

  private static Optional<byte[]> decode(String part) {
    try {
      byte[] bytes = DECODER.decode(part);
      // the decoder lets padding and stray last bits pass
      return ENCODER.encodeToString(bytes).equals(part) ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
