package blackhole.identity.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
  private static final HashCost CHEAP = new HashCost(64, 1, 1);

  private final Passwords passwords = new Passwords(new Argon2Hasher(), CHEAP, new SecureRandom());

  /** Of the reference implementation's own tests. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
      })
  void agreesWithTheReferenceImplementation(String phc) {
    PasswordHash hash = PasswordHash.parse(phc);
    assertThat(hash.toPhc()).isEqualTo(phc);
    assertThat(new String(hash.salt(), StandardCharsets.UTF_8)).isEqualTo("somesalt");
    assertThat(passwords.matches("password", Optional.of(hash))).isTrue();
    assertThat(passwords.matches("Password", Optional.of(hash))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=1,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$",
        "$argon2id$v=19$m=999999999,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
      })
  void refusesOtherHashes(String text) {
    assertThatThrownBy(() -> PasswordHash.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void matchesWhatItHashedAndNothingElse() {
    Optional<PasswordHash> hash = Optional.of(passwords.hash("correct horse"));
    assertThat(passwords.matches("correct horse", hash)).isTrue();
    assertThat(passwords.matches("correct horse ", hash)).isFalse();
    assertThat(passwords.matches("", hash)).isFalse();
  }

  @Test
  void hashesTheSamePasswordToSomethingElseEachTime() {
    assertThat(passwords.hash("same").toPhc()).isNotEqualTo(passwords.hash("same").toPhc());
  }

  @Test
  void doesNotMindHowAnAccentIsWritten() {
    Optional<PasswordHash> composed = Optional.of(passwords.hash("caf\u00e9 noir"));
    assertThat(passwords.matches("cafe\u0301 noir", composed)).isTrue();
  }

  @Test
  void doesForNobodyTheWorkItDoesForSomebody() {
    record Work(HashCost cost, int password, int salt, int length) {}
    List<Work> done = new ArrayList<>();
    Passwords counted =
        new Passwords(
            (password, salt, cost, length) -> {
              done.add(new Work(cost, password.length, salt.length, length));
              return new byte[length];
            },
            CHEAP,
            new SecureRandom());
    PasswordHash known = counted.hash("something");
    done.clear();

    assertThat(counted.matches("anything!", Optional.of(known))).isTrue(); // the hash is all zeros
    assertThat(counted.matches("anything!", Optional.empty())).isFalse();

    assertThat(done).hasSize(2);
    assertThat(done.get(0)).isEqualTo(done.get(1));
  }

  @Test
  void saysNoForNobodyEvenIfTheHashFits() {
    Passwords constant =
        new Passwords(
            (password, salt, cost, length) -> new byte[length],
            CHEAP,
            new SecureRandom() {
              private static final long serialVersionUID = 1L;

              @Override
              public void nextBytes(byte[] bytes) {} // so nobody's hash is all zeros, too
            });
    assertThat(constant.matches("anything!", Optional.empty())).isFalse();
  }

  @Test
  void knowsAHashOfAnotherCost() {
    PasswordHash hash = passwords.hash("something");
    assertThat(passwords.isOutdated(hash)).isFalse();
    for (HashCost other :
        List.of(new HashCost(128, 1, 1), new HashCost(64, 2, 1), new HashCost(64, 1, 2))) {
      assertThat(new Passwords(new Argon2Hasher(), other, new SecureRandom()).isOutdated(hash))
          .isTrue();
    }
  }

  @Test
  void doesNotPrintTheHash() {
    PasswordHash hash = passwords.hash("something");
    assertThat(hash.toString()).doesNotContain(hash.toPhc()).doesNotContain("salt");
  }
}
