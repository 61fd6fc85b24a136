package blackhole.ledger.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.ledger.merkle.Hash;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerKeyTest {
  private static final TreeHead HEAD = new TreeHead(0x0102030405060708L, 258, Hash.EMPTY_TREE);

  @TempDir Path data;

  private LedgerKey open(boolean isNew) throws IOException {
    return LedgerKey.open(data, isNew, new SecureRandom());
  }

  @Test
  void aHeadIsSignedAsTheRfcHasIt() {
    assertThat(HexFormat.of().formatHex(HEAD.bytes()))
        .isEqualTo("0102030405060708" + "0000000000000102" + "20" + Hash.EMPTY_TREE + "0000");
  }

  /** By another implementation of Ed25519 and of DER: the JDK's. */
  @Test
  void othersCanCheckItsSignatures() throws Exception {
    LedgerKey key = open(true);
    byte[] der =
        HexFormat.of()
            .parseHex(
                "302a300506032b6570032100"
                    + HexFormat.of().formatHex(key.publicKey().toByteArray()));
    PublicKey publicKey =
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(publicKey);
    verifier.update(HEAD.bytes());
    assertThat(verifier.verify(key.sign(HEAD).signature().toByteArray())).isTrue();
    assertThat(key.logId().toByteArray())
        .isEqualTo(MessageDigest.getInstance("SHA-256").digest(publicKey.getEncoded()));
  }

  @Test
  void aSignatureIsOfOneHeadByOneKey() throws IOException {
    LedgerKey key = open(true);
    ByteString signature = key.sign(HEAD).signature();
    assertThat(LedgerKey.verify(key.publicKey(), HEAD, signature)).isTrue();
    assertThat(
            LedgerKey.verify(
                key.publicKey(), new TreeHead(HEAD.timestamp(), 259, HEAD.root()), signature))
        .isFalse();
    Files.delete(data.resolve("signing.key"));
    assertThat(LedgerKey.verify(open(true).publicKey(), HEAD, signature)).isFalse();
  }

  @Test
  void staysTheSame() throws IOException {
    ByteString first = open(true).publicKey();
    assertThat(open(true).publicKey()).isEqualTo(first);
    assertThat(open(false).publicKey()).isEqualTo(first);
  }

  @Test
  void isForItsOwnerOnly() throws IOException {
    open(true);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(data.resolve("signing.key"))))
        .isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(data)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("signing.key");
    }
  }

  @Test
  void whatACrashLeftOfAKeyIsNoKey() throws IOException {
    Files.writeString(data.resolve("signing.key.tmp"), "half of a k");
    assertThat(open(true).publicKey().size()).isEqualTo(32);
  }

  @Test
  void isNotMadeAnewForALedgerThatHadOne() {
    assertThatThrownBy(() -> open(false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("signing.key is gone")
        .hasMessageContaining("restore it from a backup");
  }

  @Test
  void saysWhatIsNoKey() throws IOException {
    for (String text : new String[] {"", "AAAA", "not base64!"}) {
      Files.writeString(data.resolve("signing.key"), text);
      assertThatThrownBy(() -> open(true))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("signing.key is not a key of 32 bytes in base64");
    }
  }
}
