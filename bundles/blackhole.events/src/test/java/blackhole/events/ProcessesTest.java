package blackhole.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.events.v1.Event;
import blackhole.events.v1.SubscribeRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that are killed. */
@Timeout(180)
class ProcessesTest {
  private static final int ROUNDS = 3;

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

  private BufferedReader start(int round) throws IOException {
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
                    PublishingProcess.class.getName(),
                    data.toString(),
                    Integer.toString(round)))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader output = process.inputReader(UTF_8);
    assertThat(output.readLine()).isEqualTo("ready");
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    return output;
  }

  @Test
  void loseNoAcknowledgedEventToKillNine() throws Exception {
    Map<Long, String> acknowledged = new TreeMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      BufferedReader output = start(round);
      for (int i = 0; i < 200; i++) {
        note(output.readLine(), acknowledged);
      }
      // SIGKILL, in the midst of the next ones; by the handle, which leaves the output open
      process.toHandle().destroyForcibly();
      assertThat(process.waitFor(60, SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(137);
      // what it said before it died counts as well
      output.lines().forEach(line -> note(line, acknowledged));
    }

    Map<Long, String> found = new TreeMap<>();
    try (RunningEvents events = new RunningEvents(data, TestConfig.with())) {
      assertThat(events.core.check().message()).doesNotContain("damaged");
      long last = events.core.stream().metrics().get("log_last_position").longValue();
      Iterator<Event> all =
          events.stub().subscribe(SubscribeRequest.newBuilder().setFromPosition(1).build());
      Event next;
      do {
        next = all.next();
        assertThat(found.put(next.getPosition(), next.getId())).isNull();
      } while (next.getPosition() < lastStored(last, acknowledged));
    }
    assertThat(found).containsAllEntriesOf(acknowledged);
    assertThat(found.values()).doesNotHaveDuplicates();
  }

  /** A torn tail leaves positions out, so the last one is that of an event, or close behind it. */
  private static long lastStored(long last, Map<Long, String> acknowledged) {
    return Math.min(last, acknowledged.keySet().stream().mapToLong(p -> p).max().orElseThrow());
  }

  /** The last line may have been cut off with the process. */
  private static void note(String line, Map<Long, String> acknowledged) {
    if (line.matches("\\d+ \\d+-\\d+-\\d+ published")) {
      String[] words = line.split(" ");
      acknowledged.put(Long.parseLong(words[0]), words[1]);
    }
  }
}
