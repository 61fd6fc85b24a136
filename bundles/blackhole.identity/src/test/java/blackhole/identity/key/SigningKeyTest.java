package blackhole.identity.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the key and the signature of RFC 8037, appendix A. */
class SigningKeyTest {
  private static final String D = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
  private static final String X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
  private static final String JWK =
      "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"%s\",\"x\":\"%s\",\"created\":1000,\"token_lifetime\":60}"
          .formatted(D, X);
  private static final byte[] SIGNING_INPUT =
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
          .getBytes(StandardCharsets.US_ASCII);
  private static final String SIGNATURE =
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

  private final SigningKey key = SigningKey.fromJwk(1, JWK);

  @Test
  void signsAsTheRfcDoes() {
    byte[] signature = key.sign(SIGNING_INPUT);
    assertThat(Base64.getUrlEncoder().withoutPadding().encodeToString(signature))
        .isEqualTo(SIGNATURE);
    assertThat(key.verify(SIGNING_INPUT, signature)).isTrue();
  }

  @Test
  void isNamedByTheRfcsThumbprint() {
    assertThat(key.id()).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    String header = new String(Base64.getUrlDecoder().decode(key.jwsHeader()));
    assertThat(header)
        .isEqualTo("{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"" + key.id() + "\"}");
  }

  @Test
  void givesBackTheFileItWasReadFrom() {
    SigningKey again = SigningKey.fromJwk(1, key.toJwk());
    assertThat(again.canSign()).isTrue();
    assertThat(again.id()).isEqualTo(key.id());
    assertThat(again.created()).isEqualTo(Instant.ofEpochSecond(1000));
    assertThat(again.lifetime()).isEqualTo(Duration.ofSeconds(60));
    assertThat(again.expires()).isEmpty();
  }

  @Test
  void keepsOnlyThePublicPartWhenRetired() {
    String jwk = key.retired(Instant.ofEpochSecond(5000)).toJwk();
    SigningKey retired = SigningKey.fromJwk(1, jwk);

    assertThat(jwk).doesNotContain(D).contains(X);
    assertThat(retired.canSign()).isFalse();
    assertThat(retired.expires()).contains(Instant.ofEpochSecond(5000 + 60 + 60));
    assertThat(retired.verify(SIGNING_INPUT, key.sign(SIGNING_INPUT))).isTrue();
    assertThatThrownBy(() -> retired.sign(SIGNING_INPUT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("retired");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"created\":1}",
        "{\"x\":\"AAAA\",\"created\":1,\"token_lifetime\":1}",
        // a private part that belongs to another public one
        "{\"d\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"x\":\""
            + X
            + "\",\"created\":1,\"token_lifetime\":1}",
        "{\"x\":\"" + X + "\",\"created\":1,\"token_lifetime\":1}",
        "{\"d\":\"" + D + "\",\"x\":\"" + X + "\",\"created\":\"soon\",\"token_lifetime\":1}"
      })
  void refusesWhatIsNoKey(String text) {
    assertThatThrownBy(() -> SigningKey.fromJwk(1, text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
