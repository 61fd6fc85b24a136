package blackhole.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.events.Event;
import blackhole.identity.call.Call;
import blackhole.identity.v1.DidCreated;
import blackhole.testkit.TestHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that share a data directory, and die. */
@Timeout(300)
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

  private Process start(String prefix, int count) throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                classPath,
                RegisteringProcess.class.getName(),
                data.toString(),
                prefix,
                Integer.toString(count))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    processes.add(process);
    return process;
  }

  private static void go(Process process, BufferedReader output) throws IOException {
    assertThat(output.readLine()).isEqualTo("ready");
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  @Test
  void losesNoAcknowledgedUserToKillNine() throws Exception {
    List<String> all = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      Process process = start("round" + round + "-", 1_000_000);
      List<String> acknowledged = new ArrayList<>();
      BufferedReader output = process.inputReader(UTF_8);
      go(process, output);
      for (int i = 0; i < 20 + 7 * round; i++) {
        acknowledged.add(output.readLine());
      }
      // SIGKILL, in the midst of the next ones; by the handle, which leaves the output open
      process.toHandle().destroyForcibly();
      assertThat(process.waitFor(30, SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(137);
      // what it said before it died counts as well
      output
          .lines()
          .filter(line -> line.matches("\\S+ \\S+\\.\\S+\\.\\S{86}"))
          .forEach(acknowledged::add);

      assertAllThere(acknowledged);
      all.addAll(acknowledged);
    }
    assertTold(all);
    // and nothing of SQLite's is left in the temporary directory
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.filter(file -> file.getFileName().toString().contains("sqlite"))).isEmpty();
    }
  }

  private void assertAllThere(List<String> acknowledged) throws IOException {
    IdentityCore core =
        new IdentityCore(new TestHost("identity", data), TestConfig.cheap(), Map.of());
    try {
      for (String line : acknowledged) {
        String name = line.substring(0, line.indexOf(' '));
        String token = line.substring(line.indexOf(' ') + 1);
        Call call = Call.within(Duration.ofSeconds(30));
        assertThat(core.authenticate(name, "password of " + name, call).join()).isNotNull();
        assertThat(core.validate(token).role()).isEqualTo("user");
      }
    } finally {
      core.close();
    }
  }

  /** Each user that is there was told of, once, whether or not that was acknowledged. */
  private void assertTold(List<String> acknowledged) throws Exception {
    IdentityCore core =
        new IdentityCore(new TestHost("identity", data), TestConfig.cheap(), Map.of());
    try {
      List<Event> events = IdentityEventsTest.publish(core, new TestStream());
      Set<String> told = new HashSet<>();
      Call call = Call.within(Duration.ofSeconds(60));
      for (Event event : events) {
        String did = event.data().orElseThrow().unpack(DidCreated.class).getDid();
        assertThat(core.users().findByDid(did, call)).isPresent();
        assertThat(told.add(did)).as(did).isTrue();
      }
      for (String line : acknowledged) {
        String name = line.substring(0, line.indexOf(' '));
        assertThat(told).contains(core.users().findByNameKey(name, call).orElseThrow().did());
      }
    } finally {
      core.close();
    }
  }

  @Test
  void shareUsersAndKeysFromTheFirstStartOn() throws Exception {
    int count = 30;
    List<Process> all = List.of(start("same", count), start("same", count), start("same", count));
    List<BufferedReader> outputs = new ArrayList<>();
    for (Process process : all) {
      outputs.add(process.inputReader(UTF_8));
    }
    for (int i = 0; i < all.size(); i++) {
      go(all.get(i), outputs.get(i));
    }
    Set<String> won = new HashSet<>();
    List<String> acknowledged = new ArrayList<>();
    for (BufferedReader output : outputs) {
      for (String line : output.lines().toList()) {
        if (!line.endsWith(" -")) {
          acknowledged.add(line);
          assertThat(won.add(line.substring(0, line.indexOf(' ')))).as(line).isTrue();
        }
      }
    }
    for (Process process : all) {
      assertThat(process.waitFor(30, SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }
    assertThat(won).hasSize(count);
    assertAllThere(acknowledged);
    try (Stream<Path> keys = Files.list(data.resolve("keys"))) {
      assertThat(keys.map(key -> key.getFileName().toString()))
          .containsExactlyInAnyOrder("signing-000001.jwk", "seal.key");
    }
  }
}
