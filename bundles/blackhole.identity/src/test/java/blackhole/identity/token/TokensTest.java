package blackhole.identity.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.identity.MutableClock;
import blackhole.identity.call.IdentityException;
import blackhole.identity.call.IdentityException.Reason;
import blackhole.identity.key.KeyDirectory;
import blackhole.identity.key.SigningKey;
import blackhole.identity.key.SigningKeys;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final Principal ALICE =
      new Principal(
          "id-of-alice", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "user");
  private static final String BASE64URL =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private final MutableClock clock = new MutableClock();
  private SigningKeys keys;
  private Tokens tokens;

  @TempDir Path data;

  @BeforeEach
  void open() throws IOException {
    keys = keys("keys");
    tokens = new Tokens(keys, clock, LIFETIME);
  }

  private SigningKeys keys(String name) throws IOException {
    KeyDirectory directory = KeyDirectory.open(data.resolve(name));
    return SigningKeys.open(directory, clock, new SecureRandom(), Duration.ofDays(90), LIFETIME);
  }

  @Test
  void saysWhomItSpeaksForAndWhoSaysSo() {
    AccessToken token = tokens.issue(ALICE);
    assertThat(tokens.validate(token.text())).isEqualTo(ALICE);

    SigningKey key = keys.current();
    JsonObject header = json(token.text().split("\\.")[0]);
    assertThat(header.get("alg").getAsString()).isEqualTo("EdDSA");
    assertThat(header.get("typ").getAsString()).isEqualTo("JWT");
    assertThat(header.get("kid").getAsString()).isEqualTo(key.id());
    JsonObject claims = json(token.text().split("\\.")[1]);
    assertThat(claims.get("iss").getAsString()).isEqualTo(key.issuer()).startsWith("did:key:z6Mk");
    assertThat(claims.get("sub").getAsString()).isEqualTo("id-of-alice");
    assertThat(claims.get("did").getAsString()).isEqualTo(ALICE.did());
    assertThat(claims.get("role").getAsString()).isEqualTo("user");
    long now = clock.instant().getEpochSecond();
    assertThat(claims.get("iat").getAsLong()).isEqualTo(now);
    assertThat(claims.get("exp").getAsLong()).isEqualTo(now + 3600);
    assertThat(token.expiresAt().getEpochSecond()).isEqualTo(now + 3600);
    assertThat(claims.get("jti").getAsString()).hasSize(36);
  }

  private static JsonObject json(String part) {
    String text = new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    return JsonParser.parseString(text).getAsJsonObject();
  }

  @Test
  void neverIssuesTheSameTokenTwice() {
    assertThat(tokens.issue(ALICE).text()).isNotEqualTo(tokens.issue(ALICE).text());
  }

  @Test
  void endsWhenItSaid() {
    String token = tokens.issue(ALICE).text();
    clock.advance(LIFETIME.minusSeconds(1));
    assertThat(tokens.validate(token)).isEqualTo(ALICE);
    clock.advance(Duration.ofSeconds(1));
    assertInvalid(token, "expired");
  }

  @Test
  void outlivesTheKeyThatSignedIt() throws IOException {
    String token = tokens.issue(ALICE).text();
    keys.rotate();
    assertThat(tokens.validate(token)).isEqualTo(ALICE);
    assertThat(tokens.issue(ALICE).text().split("\\.")[0]).isNotEqualTo(token.split("\\.")[0]);
  }

  @Test
  void isValidAtAnotherInstanceAlsoJustAfterARotation() throws IOException {
    Tokens other = new Tokens(keys("keys"), clock, LIFETIME);
    keys.rotate();
    assertThat(other.validate(tokens.issue(ALICE).text())).isEqualTo(ALICE);
  }

  @Test
  void isNotValidWithAnyCharacterChanged() {
    String token = tokens.issue(ALICE).text();
    for (int i = 0; i < token.length(); i++) {
      char old = token.charAt(i);
      char next =
          old == '.' ? 'A' : BASE64URL.charAt((BASE64URL.indexOf(old) + 1) % BASE64URL.length());
      assertInvalid(token.substring(0, i) + next + token.substring(i + 1), "");
    }
  }

  @Test
  void isNotValidWithAnyCharacterGoneOrMore() {
    String token = tokens.issue(ALICE).text();
    for (int i = 0; i < token.length(); i++) {
      assertInvalid(token.substring(0, i) + token.substring(i + 1), "");
      assertInvalid(token.substring(0, i) + "A" + token.substring(i), "");
    }
  }

  @Test
  void hasOneSpelling() {
    String token = tokens.issue(ALICE).text();
    // 64 bytes of signature leave four bits of the last character unused
    char last = token.charAt(token.length() - 1);
    char sameBytes = BASE64URL.charAt(BASE64URL.indexOf(last) | 1);
    assertThat(sameBytes).isNotEqualTo(last);
    assertInvalid(token.substring(0, token.length() - 1) + sameBytes, "");
    assertInvalid(token + "=", "");
    assertInvalid(token + "==", "");
    assertInvalid(" " + token, "");
    assertInvalid(token + "\n", "");
    assertInvalid(token + ".", "");
  }

  @Test
  void isNotValidFromAStranger() throws IOException {
    Tokens stranger = new Tokens(keys("other-keys"), clock, LIFETIME);
    String theirs = stranger.issue(ALICE).text();
    assertInvalid(theirs, "not signed by a key of this node");

    // their signature under our header
    String ours = tokens.issue(ALICE).text();
    String[] parts = theirs.split("\\.");
    assertInvalid(ours.split("\\.")[0] + "." + parts[1] + "." + parts[2], "signature");
  }

  @Test
  void isNotValidWithAnotherAlgorithm() {
    String[] parts = tokens.issue(ALICE).text().split("\\.");
    String kid = keys.current().id();
    for (String header :
        new String[] {
          "{\"alg\":\"none\",\"typ\":\"JWT\",\"kid\":\"" + kid + "\"}",
          "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"" + kid + "\"}",
          "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"another\"}",
          "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}",
          "{}",
          "null"
        }) {
      String encoded =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(header.getBytes(StandardCharsets.UTF_8));
      assertInvalid(encoded + "." + parts[1] + "." + parts[2], "");
      assertInvalid(encoded + "." + parts[1] + ".", "");
    }
  }

  @Test
  void isNotValidWhenItIsNoTokenAtAll() {
    for (String text : new String[] {"", ".", "..", "...", "a.b.c", "é.é.é", "x".repeat(1 << 20)}) {
      assertInvalid(text, "");
    }
  }

  private void assertInvalid(String token, String why) {
    assertThatThrownBy(() -> tokens.validate(token))
        .isInstanceOfSatisfying(
            IdentityException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.INVALID_TOKEN);
              assertThat(e).hasMessageContaining(why);
            });
  }
}
