package blackhole.host;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputGuardTest {
  private static final int MAX = 64 << 10;

  @TempDir Path directory;

  @Test
  void aShortFileIsLeftAlone() throws IOException {
    Path file = file("x".repeat(MAX));
    assertThat(new OutputGuard(file, MAX).bound()).isFalse();
    assertThat(file).hasSize(MAX);
  }

  @Test
  void aLongFileKeepsItsNewestPartAndSaysSo() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      lines.append("line ").append(i).append('\n');
    }
    Path file = file(lines.toString());

    assertThat(new OutputGuard(file, MAX).bound()).isTrue();

    assertThat(Files.size(file)).isBetween(MAX / 4L, MAX / 2L);
    assertThat(Files.readString(file))
        .startsWith("… earlier output was cut here\n")
        .endsWith("line 19998\nline 19999\n");
  }

  @Test
  void aWriterThatAppendsGoesOnAtTheNewEnd() throws IOException {
    Path file = file("");
    try (OutputStream writer = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      writer.write(new byte[MAX + 1]);
      new OutputGuard(file, MAX).bound();
      writer.write("last words".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(Files.size(file)).isLessThan(MAX / 2 + 20L);
    byte[] left = Files.readAllBytes(file);
    assertThat(new String(left, StandardCharsets.ISO_8859_1)).endsWith("\0last words");
  }

  @Test
  void binaryWithoutAnyNewlineKeepsItsLastBytesExactly() throws IOException {
    byte[] noise = new byte[10 * MAX];
    new Random(1).nextBytes(noise);
    Path file = directory.resolve("out");
    Files.write(file, noise);

    new OutputGuard(file, MAX).bound();

    byte[] left = Files.readAllBytes(file);
    assertThat(left.length).isBetween(MAX / 4, MAX / 2);
    for (int i = 1; i <= MAX / 4; i++) {
      assertThat(left[left.length - i]).isEqualTo(noise[noise.length - i]);
    }
  }

  @Test
  void aFloodStaysBoundedWhileItIsGuarded() throws Exception {
    Path file = file("");
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    CountDownLatch cut = new CountDownLatch(1);
    try (OutputStream writer = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      new OutputGuard(file, MAX).start(timer, Runnable::run);
      writer.write(new byte[50 * MAX]);
      Future<?> unused =
          timer.scheduleWithFixedDelay(
              () -> {
                if (file.toFile().length() < MAX) {
                  cut.countDown();
                }
              },
              0,
              5,
              MILLISECONDS);
      assertThat(cut.await(20, SECONDS)).isTrue();
    } finally {
      timer.shutdownNow();
    }
  }

  @Test
  void whatIsMissingOrNoFileIsLeftAlone() throws IOException {
    assertThat(new OutputGuard(directory.resolve("missing"), MAX).bound()).isFalse();
    assertThat(new OutputGuard(Path.of("/dev/null"), -1).bound()).isFalse();
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("out"), content);
  }
}
