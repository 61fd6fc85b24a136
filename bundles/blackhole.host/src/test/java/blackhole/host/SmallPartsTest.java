package blackhole.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SmallPartsTest {
  @Nested
  class BackoffTest {
    @Test
    void doublesUpToTheCap() {
      Backoff backoff = backoff(0.5);
      assertThat(backoff.next()).isEqualTo(Duration.ofMillis(50));
      assertThat(backoff.next()).isEqualTo(Duration.ofMillis(100));
      assertThat(backoff.next()).isEqualTo(Duration.ofMillis(200));
      assertThat(backoff.next()).isEqualTo(Duration.ofMillis(200));
      backoff.reset();
      assertThat(backoff.next()).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void jittersAtTheCapToo() {
      Backoff low = backoff(0);
      Backoff high = backoff(1);
      for (int i = 0; i < 60; i++) {
        low.next();
        high.next();
      }
      assertThat(low.next()).isEqualTo(Duration.ofMillis(160));
      assertThat(high.next()).isEqualTo(Duration.ofMillis(240));
    }

    private Backoff backoff(double random) {
      return new Backoff(Duration.ofMillis(50), Duration.ofMillis(200), () -> random);
    }
  }

  @Nested
  class BoundedTextTest {
    @Test
    void whatFitsIsLeftAlone() {
      for (String text : new String[] {"", "abc", "äöü", "漢", "😀"}) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        assertThat(BoundedText.bound(text, bytes)).isSameAs(text);
      }
    }

    @Test
    void whatDoesNotFitIsCutBetweenCharacters() {
      assertThat(BoundedText.bound("abcd", 3)).isEqualTo("abc\n… cut here after 3 bytes\n");
      assertThat(BoundedText.bound("aäö", 4)).startsWith("aä\n");
      assertThat(BoundedText.bound("a😀😀", 8)).startsWith("a😀\n");
      assertThat(BoundedText.bound("漢字", 3)).startsWith("漢\n");
    }
  }

  @Nested
  class ArchiveUseTest {
    @Test
    void namesTheArchiveAndWhetherItIsMapped() {
      String command = "java\0-XX:SharedArchiveFile=/home/cache/a.jsa\0-cp\0x.jar\0";
      assertThat(ArchiveUse.describe(command, "7f00-7f01 r--p /home/cache/a.jsa\n"))
          .isEqualTo("/home/cache/a.jsa (in use)");
      assertThat(ArchiveUse.describe(command, "7f00-7f01 r--p /usr/lib/libjvm.so\n"))
          .isEqualTo("/home/cache/a.jsa (not in use)");
    }

    @Test
    void theLastFlagCountsAndNewerJvmsHaveAnother() {
      assertThat(ArchiveUse.describe("-XX:SharedArchiveFile=/a\0-XX:AOTCache=/b.aot\0", "/b.aot"))
          .isEqualTo("/b.aot (in use)");
    }

    @Test
    void thereMayBeNone() {
      assertThat(ArchiveUse.describe("java\0-Xmx64m\0Main\0", "")).isEqualTo("none");
    }

    @Test
    void thisProcessCanBeAsked() {
      assertThat(ArchiveUse.describe()).isNotBlank();
    }
  }

  @Nested
  class FailureTextTest {
    @Test
    void joinsTheCausesAndLeavesOutWrappersThatOnlyRepeat() {
      Throwable inner = new IllegalStateException("database is locked");
      assertThat(FailureText.of(new RuntimeException("cannot open the store", inner)))
          .isEqualTo(
              "java.lang.RuntimeException: cannot open the store:"
                  + " java.lang.IllegalStateException: database is locked");
      assertThat(FailureText.of(new RuntimeException(inner)))
          .isEqualTo("java.lang.IllegalStateException: database is locked");
    }

    @Test
    void findsTheSameInAPrintedTrace() {
      String trace =
          """
          java.lang.RuntimeException: cannot open the store
          \tat a.B.c(B.java:1)
          \tat a.B.d(B.java:2)
          Caused by: java.lang.IllegalStateException: database is locked
          \t... 2 more
          """;
      assertThat(FailureText.ofStackTrace(trace))
          .isEqualTo(
              "java.lang.RuntimeException: cannot open the store:"
                  + " java.lang.IllegalStateException: database is locked");
      assertThat(FailureText.ofStackTrace("")).isEqualTo("no reason given");
    }

    @Test
    void aCircleOfCausesEnds() {
      RuntimeException one = new RuntimeException("one");
      RuntimeException two = new RuntimeException("two", one);
      one.initCause(two);
      assertThat(FailureText.of(one)).contains("one", "two").hasSizeLessThan(500);
    }
  }
}
