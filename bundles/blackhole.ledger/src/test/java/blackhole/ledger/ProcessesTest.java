package blackhole.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.ledger.call.Call;
import blackhole.ledger.store.LedgerStore;
import blackhole.testkit.TestHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that die, want what another has, and run out of disk. */
@Timeout(600)
class ProcessesTest {
  private final List<Process> processes = new ArrayList<>();

  @TempDir Path data;
  @TempDir Path temporary;

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly();
      assertThat(process.waitFor(30, SECONDS)).isTrue();
    }
  }

  private BufferedReader start(List<String> prefix, String mode, int number) throws IOException {
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            LedgerProcess.class.getName(),
            mode,
            data.toString(),
            Integer.toString(number));
    Process process =
        new ProcessBuilder(Stream.concat(prefix.stream(), java.stream()).toList())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    processes.add(process);
    return process.inputReader(UTF_8);
  }

  private void go(BufferedReader output) throws IOException {
    assertThat(output.readLine()).isEqualTo("ready");
    Process process = processes.get(processes.size() - 1);
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  private int exitCode() throws InterruptedException {
    Process process = processes.get(processes.size() - 1);
    assertThat(process.waitFor(60, SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void loseNoAcknowledgedEntryToKillNine() throws Exception {
    List<String> acknowledged = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      BufferedReader output = start(List.of(), "append", round);
      go(output);
      for (int i = 0; i < 30 + 25 * round; i++) {
        acknowledged.add(output.readLine());
      }
      // SIGKILL, in the midst of the next ones; by the handle, which leaves the output open
      processes.get(round).toHandle().destroyForcibly();
      assertThat(exitCode()).isEqualTo(137);
      // what it said before it died counts as well
      output
          .lines()
          .filter(line -> line.matches("entry \\d+ \\S+-\\d+"))
          .forEach(acknowledged::add);
      assertWhole(acknowledged);
    }
  }

  /** All of these are there, where it was said, and everything is sound. */
  private void assertWhole(List<String> acknowledged) throws IOException {
    LedgerCore core = new LedgerCore(new TestHost("ledger", data), TestConfig.with(), Map.of());
    try {
      Call call = Call.within(Duration.ofSeconds(60));
      for (String line : acknowledged) {
        // the last line may be one that was cut off
        String[] words = line.split(" ");
        String key = core.store().get(Long.parseLong(words[1]), call).draft().key();
        assertThat(key).as(line).startsWith(words[2]);
      }
      LedgerStore.Verified verified = core.store().verify(0, Integer.MAX_VALUE, call, call);
      assertThat(verified.damage()).isEmpty();
      assertThat(verified.next()).isEqualTo(verified.size());
    } finally {
      core.close();
    }
  }

  @Test
  void theSecondIsToldWhichProcessHasTheLedger() throws Exception {
    BufferedReader first = start(List.of(), "append", 0);
    assertThat(first.readLine()).isEqualTo("ready");
    BufferedReader second = start(List.of(), "append", 1);
    assertThat(second.readLine())
        .isEqualTo("the ledger in " + data + " is in use by process " + processes.get(0).pid());
    assertThat(exitCode()).isZero();
    processes.get(0).destroyForcibly();
    assertThat(processes.get(0).waitFor(60, SECONDS)).isTrue();
    // a lock ends with its process
    assertThat(start(List.of(), "append", 2).readLine()).isEqualTo("ready");
  }

  /** No file may grow beyond 8 MB: the kernel refuses to write, as it does on a full disk. */
  @Test
  void takeBackWhatDidNotFit() throws Exception {
    BufferedReader output = start(List.of("prlimit", "--fsize=8388608"), "fill", 65_000);
    go(output);
    assertThat(output.lines())
        .containsExactly(
            "RESOURCE_EXHAUSTED: the disk is full", "none more", "no problem", "small true");
    assertThat(exitCode()).isZero();
    assertWhole(List.of());
  }
}
