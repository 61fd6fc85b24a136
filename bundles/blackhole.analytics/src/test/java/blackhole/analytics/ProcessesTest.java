package blackhole.analytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.analytics.count.Totals;
import blackhole.analytics.count.Window;
import blackhole.analytics.store.Analytics.Question;
import blackhole.analytics.store.Within;
import blackhole.testkit.TestHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that are killed. */
@Timeout(300)
class ProcessesTest {
  private static final int ROUNDS = 4;

  @TempDir Path data;
  @TempDir Path temporary;

  private @Nullable Process process;

  @AfterEach
  void end() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly();
      assertThat(process.waitFor(60, SECONDS)).isTrue();
    }
  }

  private BufferedReader start() throws IOException {
    process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    "-Djava.io.tmpdir=" + temporary,
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    CountingProcess.class.getName(),
                    data.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.inputReader(UTF_8);
  }

  /** Killed at whatever it does: counting, or in the middle of a save. */
  @Test
  void countEachEventOnceOverKillNine() throws Exception {
    long from = 0;
    for (int round = 0; round < ROUNDS; round++) {
      BufferedReader output = start();
      String first = output.readLine();
      assertThat(first).startsWith("from ");
      from = Long.parseLong(first.substring("from ".length()));
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      for (int i = 0; i < 20 * (round + 1); i++) {
        output.readLine();
      }
      process.toHandle().destroyForcibly();
      assertThat(process.waitFor(60, SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(137);
    }

    AnalyticsCore core =
        new AnalyticsCore(new TestHost("analytics", data), TestConfig.with(), Map.of());
    try {
      long last = core.analytics().position();
      // something was saved before the last kill, or this shows nothing
      assertThat(last).isGreaterThanOrEqualTo(from).isPositive();
      Totals totals =
          core.analytics()
              .whole(
                  new Question(Window.DAY, 0, Long.MAX_VALUE, type -> true),
                  Within.of(Duration.ofSeconds(60)))
              .orElseThrow()
              .totals();
      assertThat(totals.count()).isEqualTo(last);
      assertThat(totals.bytes())
          .isEqualTo(LongStream.rangeClosed(1, last).map(position -> position % 50).sum());
      assertThat(core.analytics().numbers()).containsEntry("analytics_events_total", (double) last);
    } finally {
      core.close();
    }
  }
}
