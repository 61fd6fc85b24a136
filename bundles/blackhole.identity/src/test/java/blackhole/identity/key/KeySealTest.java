package blackhole.identity.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySealTest {
  private static final byte[] SECRET =
      "thirty-two bytes of private key.".getBytes(StandardCharsets.UTF_8);

  @TempDir Path data;

  private KeySeal open() throws IOException {
    return KeySeal.open(KeyDirectory.open(data.resolve("keys")), new SecureRandom());
  }

  @Test
  void opensWhatItSealedAlsoAfterARestart() throws IOException {
    byte[] sealed = open().seal("user-1", SECRET);
    assertThat(open().open("user-1", sealed)).isEqualTo(SECRET);
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("private");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(data.resolve("keys/seal.key"))))
        .isEqualTo("rw-------");
  }

  @Test
  void neverSealsTheSameWayTwice() throws IOException {
    KeySeal seal = open();
    assertThat(seal.seal("user-1", SECRET)).isNotEqualTo(seal.seal("user-1", SECRET));
  }

  @Test
  void opensForNobodyElse() throws IOException {
    KeySeal seal = open();
    byte[] sealed = seal.seal("user-1", SECRET);
    assertThatThrownBy(() -> seal.open("user-2", sealed))
        .isInstanceOf(IllegalArgumentException.class);
    Files.delete(data.resolve("keys/seal.key"));
    KeySeal other = open();
    assertThatThrownBy(() -> other.open("user-1", sealed))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void opensNothingThatWasChanged() throws IOException {
    KeySeal seal = open();
    byte[] sealed = seal.seal("user-1", SECRET);
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> seal.open("user-1", changed))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> seal.open("user-1", new byte[20]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void saysThatItsFileIsBroken() throws IOException {
    open();
    Files.writeString(data.resolve("keys/seal.key"), "c2hvcnQ=\n");
    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("seal.key");
    Files.writeString(data.resolve("keys/seal.key"), "?");
    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("seal.key");
  }
}
