package blackhole.identity.key;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADBlockCipher;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.Nullable;

/**
 * Seals users' private keys before they go into the database: AES-256-GCM under a key of this node
 * ({@code seal.key}), bound to the user's id. So a copy of the database alone gives no key away; a
 * copy of the whole data directory does. Thread-safe.
 */
public final class KeySeal {
  private static final String FILE = "seal.key";
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final KeyParameter key;
  private final SecureRandom random;

  private KeySeal(byte[] key, SecureRandom random) {
    this.key = new KeyParameter(key);
    this.random = random;
  }

  /**
   * Reads the key, and makes it if it is not there.
   *
   * @throws IOException if it cannot be read or written, or is not a key
   */
  public static KeySeal open(KeyDirectory directory, SecureRandom random) throws IOException {
    if (!directory.exists(FILE)) {
      byte[] fresh = new byte[KEY_BYTES];
      random.nextBytes(fresh);
      directory.publish(FILE, Base64.getEncoder().encodeToString(fresh) + "\n");
    }
    byte[] key;
    try {
      key = Base64.getDecoder().decode(directory.read(FILE).strip());
    } catch (IllegalArgumentException e) {
      throw notAKey(directory, e);
    }
    if (key.length != KEY_BYTES) {
      throw notAKey(directory, null);
    }
    return new KeySeal(key, random);
  }

  private static IOException notAKey(KeyDirectory directory, @Nullable Exception cause) {
    return new IOException(
        directory.path(FILE) + " is not a key of 32 bytes in base64; restore it from a backup",
        cause);
  }

  public byte[] seal(String userId, byte[] secret) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    AEADBlockCipher cipher = cipher(true, userId, nonce);
    byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(secret.length));
    try {
      int length = cipher.processBytes(secret, 0, secret.length, sealed, NONCE_BYTES);
      cipher.doFinal(sealed, NONCE_BYTES + length);
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException("sealing cannot fail", e);
    }
    return sealed;
  }

  /**
   * @throws IllegalArgumentException if it was not sealed by this key for this user
   */
  public byte[] open(String userId, byte[] sealed) {
    if (sealed.length < NONCE_BYTES + TAG_BITS / 8) {
      throw new IllegalArgumentException("too short for a sealed key");
    }
    AEADBlockCipher cipher = cipher(false, userId, Arrays.copyOf(sealed, NONCE_BYTES));
    int length = sealed.length - NONCE_BYTES;
    byte[] secret = new byte[cipher.getOutputSize(length)];
    try {
      int done = cipher.processBytes(sealed, NONCE_BYTES, length, secret, 0);
      cipher.doFinal(secret, done);
    } catch (InvalidCipherTextException e) {
      throw new IllegalArgumentException("sealed by another key or for another user", e);
    }
    return secret;
  }

  private AEADBlockCipher cipher(boolean forEncryption, String userId, byte[] nonce) {
    byte[] associated = userId.getBytes(StandardCharsets.UTF_8);
    AEADBlockCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
    cipher.init(forEncryption, new AEADParameters(key, TAG_BITS, nonce, associated));
    return cipher;
  }
}
