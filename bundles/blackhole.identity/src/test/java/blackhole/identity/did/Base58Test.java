package blackhole.identity.did;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Base58Test {
  /** From draft-msporny-base58, section 5. */
  @ParameterizedTest
  @CsvSource({
    "48656c6c6f20576f726c6421, 2NEpo7TZRRrLZSi2U",
    "0000287fb4cd, 11233QC4",
    "'', ''",
    "00, 1",
    "0000, 11"
  })
  void agreesWithThePublishedVectors(String hex, String base58) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThat(Base58.encode(bytes)).isEqualTo(base58);
    assertThat(Base58.decode(base58)).isEqualTo(bytes);
  }

  @Test
  void agreesWithTheLongPublishedVector() {
    byte[] fox = "The quick brown fox jumps over the lazy dog.".getBytes(StandardCharsets.US_ASCII);
    String base58 = "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z";
    assertThat(Base58.encode(fox)).isEqualTo(base58);
    assertThat(Base58.decode(base58)).isEqualTo(fox);
  }

  @Test
  void givesBackWhatItWasGiven() {
    Random random = new Random(58);
    for (int length = 0; length < 100; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      for (int zero = 0; zero < length % 5; zero++) {
        bytes[zero] = 0;
      }
      assertThat(Base58.decode(Base58.encode(bytes))).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "O", "I", "l", "2 2", "é", "+"})
  void refusesForeignCharacters(String text) {
    assertThatThrownBy(() -> Base58.decode(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
