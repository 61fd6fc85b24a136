package blackhole.identity.did;

import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** The public keys that {@code did:key} knows, each by its multicodec prefix and length. */
enum KeyType {
  ED25519(0xed, 32),
  X25519(0xec, 32),
  SECP256K1(0xe7, 33),
  BLS12_381_G1(0xea, 48),
  BLS12_381_G2(0xeb, 96),
  P256(0x1200, 33),
  P384(0x1201, 49);

  private final byte[] prefix;
  private final int length;

  KeyType(int multicodec, int length) {
    // an unsigned varint; every code here takes two bytes
    this.prefix = new byte[] {(byte) (multicodec & 0x7f | 0x80), (byte) (multicodec >> 7)};
    this.length = length;
  }

  /** The multibase text ({@code z} and base58) of a key of this type. */
  String multibase(byte[] publicKey) {
    byte[] prefixed = Arrays.copyOf(prefix, prefix.length + publicKey.length);
    System.arraycopy(publicKey, 0, prefixed, prefix.length, publicKey.length);
    return "z" + Base58.encode(prefixed);
  }

  static Optional<KeyType> of(byte[] prefixed) {
    for (KeyType type : values()) {
      if (prefixed.length >= 2 && prefixed[0] == type.prefix[0] && prefixed[1] == type.prefix[1]) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  byte[] publicKey(byte[] prefixed) {
    return Arrays.copyOfRange(prefixed, prefix.length, prefixed.length);
  }

  boolean accepts(byte[] publicKey) {
    return publicKey.length == length
        && (this != ED25519 || Ed25519.validatePublicKeyFull(publicKey, 0));
  }
}
