package blackhole.host;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.shell.LineExecutor;
import blackhole.api.shell.LineResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommandRunnerTest {
  private static final Path HOME = Path.of("/home");

  private final BlockingQueue<LineResult> answers = new LinkedBlockingQueue<>();
  private CommandRunner runner;

  @AfterEach
  void close() {
    runner.close();
  }

  @Test
  void aLineRunsInTheHomeOnAThreadOfItsOwn() throws Exception {
    Thread caller = Thread.currentThread();
    run(
        (line, directory) ->
            new LineResult(
                0, line + " in " + directory + " " + (Thread.currentThread() != caller), "warn"));
    assertThat(answer()).isEqualTo(new LineResult(0, "lb in /home true", "warn"));
  }

  @Test
  void outputIsBoundedSoThatItFitsAMessage() throws Exception {
    run((line, directory) -> new LineResult(0, "漢".repeat(4 << 20), "e".repeat(4 << 20)));
    LineResult result = answer();
    assertThat(result.stdout()).endsWith("… cut here after 3145728 bytes\n");
    assertThat(result.stderr()).endsWith("… cut here after 262144 bytes\n");
    assertThat((result.stdout() + result.stderr()).getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThan(4 << 20);
  }

  @Test
  void noShellIsSaidInWords() throws Exception {
    runner =
        new CommandRunner(
            () -> {
              throw new IllegalStateException("there is no shell here");
            },
            HOME);
    runner.run("lb", answers::add);
    assertThat(answer()).isEqualTo(new LineResult(1, "", "there is no shell here\n"));
  }

  @Test
  void aShellThatThrowsAnErrorIsAnswered() throws Exception {
    run(
        (line, directory) -> {
          throw new NoClassDefFoundError("a/B");
        });
    assertThat(answer().stderr()).contains("NoClassDefFoundError: a/B");
  }

  @Test
  void tooManyLinesAtOnceAreRefusedAndTheOthersGoOn() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    LineExecutor slow =
        (line, directory) -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return new LineResult(0, line, "");
        };
    runner = new CommandRunner(() -> slow, HOME);
    for (int i = 0; i < CommandRunner.MAX_LINES_AT_ONCE; i++) {
      runner.run("slow", answers::add);
    }
    runner.run("one more", answers::add);

    assertThat(answer().stderr()).contains("8 lines run in this host already");
    release.countDown();
    for (int i = 0; i < CommandRunner.MAX_LINES_AT_ONCE; i++) {
      assertThat(answer().stdout()).isEqualTo("slow");
    }
  }

  @Test
  void afterTheCloseLinesAreRefused() throws Exception {
    run((line, directory) -> new LineResult(0, "", ""));
    answer();
    runner.close();
    runner.run("lb", answers::add);
    assertThat(answer()).isEqualTo(new LineResult(1, "", "this host is stopping\n"));
  }

  private void run(LineExecutor executor) {
    runner = new CommandRunner(() -> executor, HOME);
    runner.run("lb", answers::add);
  }

  private LineResult answer() throws InterruptedException {
    LineResult answer = answers.poll(20, SECONDS);
    assertThat(answer).as("an answer").isNotNull();
    return answer;
  }
}
