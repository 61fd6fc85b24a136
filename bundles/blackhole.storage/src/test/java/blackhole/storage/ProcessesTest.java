package blackhole.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import blackhole.api.events.Event;
import blackhole.storage.call.Call;
import blackhole.storage.cid.Cid;
import blackhole.storage.store.Blob;
import blackhole.storage.v1.BlobStored;
import blackhole.testkit.Await;
import blackhole.testkit.TestHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
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

/** Real processes that share a data directory, die, and run out of memory or disk. */
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

  /** Java, on this class path, with a small heap. */
  private List<String> java(String mode, int number) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx40m",
        "-XX:MaxDirectMemorySize=40m",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:-UsePerfData",
        "-Djava.io.tmpdir=" + temporary,
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        StorageProcess.class.getName(),
        mode,
        data.toString(),
        Integer.toString(number));
  }

  private BufferedReader start(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    processes.add(process);
    return process.inputReader(UTF_8);
  }

  private void go(BufferedReader output) throws IOException {
    assertThat(output.readLine()).isEqualTo("ready");
    Process process = processes.get(processes.size() - 1);
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  private static List<String> through(List<String> command, String... first) {
    return Stream.concat(Stream.of(first), command.stream()).toList();
  }

  private int exitCode() throws InterruptedException {
    Process process = processes.get(processes.size() - 1);
    assertThat(process.waitFor(60, SECONDS)).isTrue();
    return process.exitValue();
  }

  private long files(String folder) throws IOException {
    try (Stream<Path> walk = Files.walk(data.resolve(folder))) {
      return walk.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void loseNoAcknowledgedBlobToKillNine() throws Exception {
    List<String> acknowledged = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      BufferedReader output = start(java("put", round));
      go(output);
      for (int i = 0; i < 15 + 10 * round; i++) {
        acknowledged.add(output.readLine());
      }
      // SIGKILL, in the midst of the next ones; by the handle, which leaves the output open
      processes.get(round).toHandle().destroyForcibly();
      assertThat(exitCode()).isEqualTo(137);
      // what it said before it died counts as well
      output.lines().filter(line -> line.matches("b[a-z2-7]{58}")).forEach(acknowledged::add);
      assertWhole(acknowledged);
    }
    assertTold();
    // and nothing of SQLite's is left in the temporary directory
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.filter(file -> file.getFileName().toString().contains("sqlite"))).isEmpty();
    }
  }

  /** All of these are there; all that is there is whole; and there is nothing else. */
  private void assertWhole(List<String> acknowledged) throws IOException {
    StorageCore core = new StorageCore(new TestHost("storage", data), TestConfig.with(), Map.of());
    try {
      for (String cid : acknowledged) {
        StorageProcess.verify(core, Cid.parse(cid));
      }
      List<Blob> blobs =
          core.store().list("", Integer.MAX_VALUE, Call.within(Duration.ofSeconds(60)));
      for (Blob blob : blobs) {
        StorageProcess.verify(core, blob.cid());
      }
      assertThat(files("blobs")).isEqualTo(blobs.size());
      assertThat(files("tmp")).isZero();
    } finally {
      core.close();
    }
  }

  /** Each blob that is there was told of, once, whether or not its Put was acknowledged. */
  private void assertTold() throws Exception {
    TestStream stream = new TestStream();
    StorageCore core = new StorageCore(new TestHost("storage", data), TestConfig.with(), Map.of());
    StorageEvents events = new StorageEvents(core, stream);
    try {
      Await.until("nothing waits", () -> events.metrics().get("outbox_events") == 0);
      List<String> told = new ArrayList<>();
      for (Event event : stream.log()) {
        told.add(event.data().orElseThrow().unpack(BlobStored.class).getCid());
      }
      List<Blob> blobs =
          core.store().list("", Integer.MAX_VALUE, Call.within(Duration.ofSeconds(60)));
      assertThat(told)
          .containsExactlyInAnyOrderElementsOf(
              blobs.stream().map(blob -> blob.cid().text()).toList());
    } finally {
      events.close();
      core.close();
    }
  }

  @Test
  void shareOneDirectoryFromTheFirstStartOn() throws Exception {
    List<BufferedReader> outputs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      outputs.add(start(java("share", i)));
    }
    for (int i = 0; i < 3; i++) {
      assertThat(outputs.get(i).readLine()).isEqualTo("ready");
    }
    for (Process process : processes) {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    }
    for (BufferedReader output : outputs) {
      assertThat(output.readLine()).isEqualTo("done");
    }
    for (Process process : processes) {
      assertThat(process.waitFor(60, SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }
    assertWhole(List.of());
  }

  @Test
  void moveBlobsThatAreLargerThanTheirMemory() throws Exception {
    BufferedReader output = start(java("large", 150));
    go(output);
    assertThat(output.readLine()).isEqualTo((150 << 20) + " " + Bytes.cid(Bytes.pieces(7, 150)));
    assertThat(exitCode()).isZero();
  }

  /** No file may grow beyond 8 MB: the kernel refuses to write, as it does on a full disk. */
  @Test
  void sayThatAFileCannotGrow() throws Exception {
    BufferedReader output = start(through(java("large", 24), "prlimit", "--fsize=8388608"));
    go(output);
    assertThat(output.readLine()).isEqualTo("RESOURCE_EXHAUSTED: the disk is full");
    assertThat(exitCode()).isZero();
    assertThat(files("tmp")).isZero();
    assertThat(files("blobs")).isZero();
  }

  /** A real file system of 16 MB, in namespaces of the process's own. */
  @Test
  void sayThatTheDiskIsFull() throws Exception {
    String[] mount = {
      "unshare",
      "--user",
      "--map-root-user",
      "--mount",
      "sh",
      "-c",
      "mount -t tmpfs -o size=16m tmpfs '" + data + "' && shift 0 && exec \"$@\"",
      "sh"
    };
    Process trial = new ProcessBuilder(through(List.of("true"), mount)).start();
    processes.add(trial);
    assumeTrue(exitCode() == 0, "no user namespaces here");

    BufferedReader output = start(through(java("fill", 100_000), mount));
    go(output);
    String full = "RESOURCE_EXHAUSTED: the disk is full";
    assertThat(output.lines())
        .containsExactly("large: " + full, "small: " + full, "left: 0", "left: 0", "again: fits");
    assertThat(exitCode()).isZero();
  }
}
