package blackhole.storage.cid;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Base32Test {
  /** RFC 4648, section 10, and multibase's tests 1 to 5, without padding and in lower case. */
  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "f, my",
    "fo, mzxq",
    "foo, mzxw6",
    "foob, mzxw6yq",
    "fooba, mzxw6ytb",
    "foobar, mzxw6ytboi",
    "yes mani !, pfsxgidnmfxgsibb",
    "hello world, nbswy3dpeb3w64tmmq",
    "Decentralize everything!!, irswgzloorzgc3djpjssazlwmvzhs5dinfxgoijb"
  })
  void encodesAsPublished(String text, String encoded) {
    assertThat(Base32.encode(text.getBytes(UTF_8))).isEqualTo(encoded);
    assertThat(Base32.decode(encoded)).isEqualTo(text.getBytes(UTF_8));
  }

  @Test
  void takesWhatItGave() {
    Random random = new Random(1);
    for (int length = 0; length < 100; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      assertThat(Base32.decode(Base32.encode(bytes))).isEqualTo(bytes);
    }
  }

  /** Wrong letters, padding, impossible lengths, and bits that no byte owns. */
  @ParameterizedTest
  @ValueSource(strings = {"MY", "m1", "m8", "my======", "m", "mzx", "mzxw6y", "mz", "mzxr", "é"})
  void refusesWhatItWouldNotGive(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Base32.decode(text));
  }
}
