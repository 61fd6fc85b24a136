package blackhole.api.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RedactionTest {
  private final Redaction redaction = Redaction.NONE.and(List.of("hunter2", "hunter2-0042", "abc"));

  @Test
  void takesOutWhatItKnowsTheLongestFirst() {
    assertThat(redaction.apply("login with hunter2-0042 or hunter2"))
        .isEqualTo("login with *** or ***");
    assertThat(redaction.apply("abc")).as("too short to be one").isEqualTo("abc");
    assertThat(Redaction.NONE.apply("hunter2")).isEqualTo("hunter2");
  }

  @Test
  void learnsMoreAndForgetsNothing() {
    Redaction more = redaction.and(List.of("s3cret"));
    assertThat(more.apply("hunter2 s3cret")).isEqualTo("*** ***");
    assertThat(redaction.apply("s3cret")).isEqualTo("s3cret");
    assertThat(more.and(List.of("s3cret"))).isSameAs(more);
  }

  @Test
  void takesOutTheLinesOfAKey() {
    String pem = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\nAAEC\n-----END KEY-----\n";
    Redaction keys = Redaction.NONE.and(List.of(pem));
    assertThat(keys.apply("read " + pem + "!")).isEqualTo("read ***!");
    assertThat(keys.apply("  MIIEvQIBADANBgkqhkiG")).isEqualTo("  ***");
    assertThat(keys.apply("-----BEGIN KEY-----")).isEqualTo("-----BEGIN KEY-----");
  }

  @Test
  void takesOutTokensOfUsersWhoeverTheyAre() {
    assertThat(Redaction.NONE.apply("Metadata(authorization=Bearer eyJ.a-_=,x=Bearer b) Bearer ,"))
        .isEqualTo("Metadata(authorization=Bearer ***,x=Bearer ***) Bearer ,");
    assertThat(redaction.apply("authorization: bearer eyJ.hunter2.x")).endsWith(": bearer ***");
    assertThat(redaction.apply("BEARER hunter2")).isEqualTo("BEARER ***");
  }

  @Test
  void saysNothingOfThemItself() {
    assertThat(redaction.toString()).isEqualTo("Redaction[2]");
  }
}
