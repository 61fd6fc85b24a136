package blackhole.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastWordsTest {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final List<Integer> halts = new ArrayList<>();
  private final LastWords words = new LastWords(output, halts::add);

  private String said() {
    return output.toString(StandardCharsets.UTF_8);
  }

  @Test
  void anOutOfMemoryErrorThatNobodyCaughtEndsTheProcess() {
    words.uncaughtException(Thread.currentThread(), new OutOfMemoryError("no threads"));
    assertThat(said()).isEqualTo("Terminating due to java.lang.OutOfMemoryError: no threads\n");
    assertThat(halts).containsExactly(3);
  }

  @Test
  void oneThatWasWrappedDoesToo() {
    words.uncaughtException(
        Thread.currentThread(),
        new IllegalStateException(new IOException(new OutOfMemoryError("a\nb"))));
    assertThat(said()).isEqualTo("Terminating due to java.lang.OutOfMemoryError: a b\n");
    assertThat(halts).containsExactly(3);
  }

  @Test
  void otherErrorsEndTheirThreadOnly() {
    words.uncaughtException(Thread.currentThread(), new StackOverflowError());
    IllegalStateException circle = new IllegalStateException();
    circle.initCause(new IOException(circle));
    words.uncaughtException(Thread.currentThread(), circle);
    assertThat(said()).isEmpty();
    assertThat(halts).isEmpty();
  }

  @Test
  void itEndsEvenIfNobodyCanHear() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("closed");
          }
        };
    new LastWords(broken, halts::add).end("anything");
    assertThat(halts).containsExactly(3);
  }
}
