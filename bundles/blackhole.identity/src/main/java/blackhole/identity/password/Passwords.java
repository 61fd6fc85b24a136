package blackhole.identity.password;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Makes and checks password hashes. A password is compared in Unicode's composed form (NFC), so
 * that it does not depend on the keyboard's way to write an accent. Blocks for as long as the hash
 * takes. Thread-safe.
 */
public final class Passwords {
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  private final PasswordHasher hasher;
  private final HashCost cost;
  private final SecureRandom random;

  /** What a password is checked against for a name that nobody has. */
  private final PasswordHash nobody;

  public Passwords(PasswordHasher hasher, HashCost cost, SecureRandom random) {
    this.hasher = hasher;
    this.cost = cost;
    this.random = random;
    this.nobody = new PasswordHash(cost, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
  }

  public PasswordHash hash(String password) {
    byte[] salt = randomBytes(SALT_BYTES);
    byte[] bytes = bytes(password);
    try {
      return new PasswordHash(cost, salt, hasher.hash(bytes, salt, cost, HASH_BYTES));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /**
   * Whether the password is the right one. For nobody's hash (empty) it does the same work and says
   * no, so that an unknown user takes as long as a wrong password.
   */
  public boolean matches(String password, Optional<PasswordHash> expected) {
    PasswordHash against = expected.orElse(nobody);
    byte[] bytes = bytes(password);
    try {
      byte[] actual = hasher.hash(bytes, against.salt(), against.cost(), against.hash().length);
      return MessageDigest.isEqual(actual, against.hash()) & expected.isPresent();
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Whether the hash was made at another cost than hashes are made at now. */
  public boolean isOutdated(PasswordHash hash) {
    return !hash.cost().equals(cost);
  }

  public HashCost cost() {
    return cost;
  }

  /** The length that counts, in bytes. */
  public static int lengthInBytes(String password) {
    return bytes(password).length;
  }

  private static byte[] bytes(String password) {
    ByteBuffer encoded =
        StandardCharsets.UTF_8.encode(Normalizer.normalize(password, Normalizer.Form.NFC));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    if (encoded.hasArray()) {
      Arrays.fill(encoded.array(), (byte) 0);
    }
    return bytes;
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
