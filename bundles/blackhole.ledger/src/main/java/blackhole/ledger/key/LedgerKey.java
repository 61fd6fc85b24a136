package blackhole.ledger.key;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.jspecify.annotations.Nullable;

/**
 * The Ed25519 key that signs the ledger's heads and nothing else, and that is the ledger's as long
 * as it is: whoever keeps a head knows the ledger by it. In a file of the owner's, as 32 bytes in
 * base64. Thread-safe.
 */
public final class LedgerKey {
  /** Its name in the data directory. */
  public static final String FILE = "signing.key";

  /** What stands before an Ed25519 key in DER (RFC 8410). */
  private static final byte[] DER_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final System.Logger LOG = System.getLogger(LedgerKey.class.getName());

  private final Ed25519PrivateKeyParameters privateKey;
  private final ByteString publicKey;
  private final ByteString logId;

  private LedgerKey(Ed25519PrivateKeyParameters privateKey) {
    this.privateKey = privateKey;
    byte[] encoded = privateKey.generatePublicKey().getEncoded();
    this.publicKey = ByteString.copyFrom(encoded);
    this.logId = ByteString.copyFrom(sha256(DER_PREFIX, encoded));
  }

  /**
   * Reads the key, and makes it for a ledger that is new. Only one process may do so at a time.
   *
   * @param isNew whether the ledger has no entries
   * @throws IOException if it cannot be read or written, is not a key, or is gone
   */
  public static LedgerKey open(Path directory, boolean isNew, SecureRandom random)
      throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      if (!isNew) {
        throw new IOException(
            file + " is gone, and with it who this ledger is; restore it from a backup");
      }
      byte[] fresh = new Ed25519PrivateKeyParameters(random).getEncoded();
      write(file, Base64.getEncoder().encodeToString(fresh) + "\n");
      LOG.log(System.Logger.Level.INFO, "the ledger has a new key, {0}", file);
    }
    byte[] key;
    try {
      key = Base64.getDecoder().decode(Files.readString(file, UTF_8).strip());
    } catch (IllegalArgumentException e) {
      throw notAKey(file, e);
    }
    if (key.length != Ed25519PrivateKeyParameters.KEY_SIZE) {
      throw notAKey(file, null);
    }
    return new LedgerKey(new Ed25519PrivateKeyParameters(key));
  }

  private static IOException notAKey(Path file, @Nullable Exception cause) {
    return new IOException(
        file + " is not a key of 32 bytes in base64; restore it from a backup", cause);
  }

  /** Whole and synced before it has its name. */
  private static void write(Path file, String content) throws IOException {
    Path temporary = file.resolveSibling(FILE + ".tmp");
    Files.deleteIfExists(temporary);
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
      folder.force(true);
    }
  }

  private static byte[] sha256(byte[] first, byte[] second) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(first);
      return digest.digest(second);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** 32 bytes. */
  public ByteString publicKey() {
    return publicKey;
  }

  /** RFC 6962's name for a log: SHA-256 of the public key's DER encoding. */
  public ByteString logId() {
    return logId;
  }

  public SignedHead sign(TreeHead head) {
    byte[] message = head.bytes();
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(true, privateKey);
    signer.update(message, 0, message.length);
    return new SignedHead(head, ByteString.copyFrom(signer.generateSignature()));
  }

  /** Whether a head is signed by this public key; what a client does. */
  public static boolean verify(ByteString publicKey, TreeHead head, ByteString signature) {
    byte[] message = head.bytes();
    Ed25519Signer verifier = new Ed25519Signer();
    verifier.init(false, new Ed25519PublicKeyParameters(publicKey.toByteArray()));
    verifier.update(message, 0, message.length);
    return verifier.verifySignature(signature.toByteArray());
  }
}
