package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What becomes of a node that loses its orchestrator, or its guardian and so both. */
class OrchestratorDeathTest {
  private static final String PATIENT =
      "supervisor: { stale_process_timeout: 10m }\nservices:\n  identity: {}\n";
  private static final String IMPATIENT =
      "supervisor: { stale_process_timeout: 2s }\nservices:\n  identity: {}\n";

  @Test
  void theNextOneEndsWhatItFindsAndStartsAfresh() throws Exception {
    try (TestNode node = TestNode.start(PATIENT)) {
      Users.register(node.channel("identity"), "alice");
      node.awaitTrained();
      aKilledOrchestratorIsReplaced(node);
      aKilledGuardianLeavesHostsThatServe(node);
      theNextRunEndsEvenAHaltedHostAndNoStranger(node);
    }
  }

  /** By the guardian, which stays. */
  private static void aKilledOrchestratorIsReplaced(TestNode node) {
    long orchestrator = node.orchestrator();
    long host = node.pid("identity").orElseThrow();

    Processes.kill(orchestrator);
    node.awaitReplaced("identity", host, TestNode.PATIENCE);

    assertThat(node.orchestrator()).isNotEqualTo(orchestrator);
    assertThat(Processes.lives(host)).isFalse();
    assertThat(node.process().isAlive()).isTrue();
    assertThat(node.status("identity").get("restarts").getAsInt()).isZero();
    assertThat(node.printed())
        .contains("the orchestrator", "starting it again")
        .contains("ended 1 host that an earlier orchestrator left behind");
    assertThat(Users.authenticate(node.channel("identity"), "alice")).isNotEmpty();
  }

  private static void aKilledGuardianLeavesHostsThatServe(TestNode node) {
    long orchestrator = node.orchestrator();
    long host = node.pid("identity").orElseThrow();
    var channel = node.channel("identity");

    Processes.kill(node.process().pid());
    Processes.awaitGone(orchestrator);

    assertThat(Users.authenticate(channel, "alice")).isNotEmpty();
    Await.until(
        "only the host is left",
        TestNode.PATIENCE,
        () -> node.processes().stream().map(ProcessHandle::pid).toList().equals(List.of(host)));
    assertThat(node.launcher("exec", "bh:ps").exitCode()).isEqualTo(3);
  }

  private static void theNextRunEndsEvenAHaltedHostAndNoStranger(TestNode node) throws Exception {
    long halted = node.processes().get(0).pid();
    TestNode.signal(halted, "STOP");
    Process stranger = new ProcessBuilder("sleep", "1000").start();
    try {
      claim(node, stranger.pid());

      node.run();
      node.awaitReady();

      assertThat(Processes.lives(halted)).isFalse();
      assertThat(node.pid("identity").orElseThrow()).isNotEqualTo(halted);
      assertThat(stranger.isAlive()).isTrue();
      assertThat(records(node)).hasSize(1);
    } finally {
      stranger.destroyForcibly();
    }
  }

  /** A record as if this process had the number of a host of ours that died. */
  private static void claim(TestNode node, long pid) throws IOException {
    Path record = records(node).get(0);
    String forged =
        Files.readString(record)
            .replaceFirst("(?m)^pid=.*$", "pid=" + pid)
            .replaceFirst("(?m)^host_id=.*$", "host_id=identity-1-before-1");
    Files.writeString(record.resolveSibling("identity-1-before-1.host"), forged);
  }

  private static List<Path> records(TestNode node) throws IOException {
    try (Stream<Path> files = Files.list(node.home().resolve("state/hosts"))) {
      return files.filter(file -> file.toString().endsWith(".host")).toList();
    }
  }

  @Test
  void aHostWhoseOrchestratorStaysAwayExitsAndLeavesNothing() throws IOException {
    try (TestNode node = TestNode.start(IMPATIENT)) {
      node.awaitTrained();
      long host = node.pid("identity").orElseThrow();

      Processes.kill(node.process().pid());
      Processes.awaitGone(host);

      Await.until("nothing runs", TestNode.PATIENCE, () -> node.processes().isEmpty());
      try (Stream<Path> files = Files.list(node.home().resolve("run"))) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .noneMatch(name -> name.startsWith("identity"));
      }
      assertThat(Files.readString(node.home().resolve("log/identity-1.log")))
          .contains("draining: no orchestrator for 2 s");

      // what the two that were killed left does not block the next
      node.run();
      node.awaitReady();
      assertThat(node.stop()).isZero();
      assertThat(node.leftBehind()).isEmpty();
    }
  }
}
