package blackhole.launcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.NodeHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real guardians with real child processes; only the orchestrator is a fake. */
class GuardianProcessTest {
  @TempDir Path temp;
  private Path home;

  @BeforeEach
  void nameHome() {
    home = temp.resolve("a hömé");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP"})
  void aSignalStopsTheNodeInOrder(String signal) throws Exception {
    try (LauncherProcess node = run()) {
      long orchestrator = up(node);
      node.await("stdin -1");

      node.signal(signal);

      node.await("asked to end: 1");
      assertThat(node.exitCode()).isZero();
      assertThat(ProcessHandle.of(orchestrator)).isEmpty();
      assertThat(Files.readString(NodeHome.of(home).lock())).isEmpty();
    }
  }

  @Test
  void aSecondSignalIsPassedOn() throws Exception {
    try (LauncherProcess node = run(Map.of("FAKE_SLOW", "1"))) {
      up(node);
      node.signal("INT");
      node.await("asked to end: 1");
      node.signal("INT");
      node.await("asked to end: 2");
      assertThat(node.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void aNodeUnderNohupOutlivesItsTerminal() throws Exception {
    try (LauncherProcess node = runUnderNohup()) {
      long orchestrator = up(node);
      node.signal("HUP");
      assertThat(ProcessHandle.of(orchestrator)).isPresent();
      node.signal("TERM");
      node.await("asked to end: 1");
      assertThat(node.exitCode()).isZero();
      assertThat(node.output()).doesNotContain("asked to end: 2");
    }
  }

  @Test
  void aKilledOrchestratorIsStartedAgain() throws Exception {
    try (LauncherProcess node = run()) {
      long first = up(node);

      LauncherProcess.signal("KILL", first);

      assertThat(node.await("starting it again")).contains("was killed (SIGKILL)");
      long second = up(node);
      assertThat(second).isNotEqualTo(first);
      node.signal("TERM");
      assertThat(node.exitCode()).isZero();
    }
  }

  @Test
  void aKilledGuardianTakesTheOrchestratorWithIt() throws Exception {
    try (LauncherProcess node = run()) {
      ProcessHandle orchestrator = ProcessHandle.of(up(node)).orElseThrow();

      node.signal("KILL");

      orchestrator.onExit().get(60, SECONDS);
      assertThat(orchestrator.isAlive()).isFalse();
    }
    // and what it held is free
    try (LauncherProcess next = run()) {
      up(next);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void codesThatTheOrchestratorMeansArePassedOn(int code) throws Exception {
    try (LauncherProcess node = run(Map.of("FAKE_EXIT", Integer.toString(code)))) {
      assertThat(node.exitCode()).isEqualTo(code);
      assertThat(node.output()).doesNotContain("starting it again");
    }
  }

  @Test
  void otherCodesAreAccidents() throws Exception {
    try (LauncherProcess node = run(Map.of("FAKE_EXIT", "3"))) {
      assertThat(node.await("starting it again")).contains("ran out of memory");
      assertThat(node.await("starting it again in 1 s")).contains("exit code 3");
      node.signal("TERM");
      assertThat(node.exitCode()).isZero();
    }
  }

  @Test
  void aSecondNodeIsRefusedWithTheHoldersPid() throws Exception {
    try (LauncherProcess node = run();
        LauncherProcess second = runAfter(node)) {
      assertThat(second.exitCode()).isEqualTo(4);
      assertThat(second.output()).contains("in use by the node with PID " + node.pid());
    }
  }

  @Test
  void aStaleLockOfAStrangersPidBlocksNobodyAndHurtsNobody() throws Exception {
    NodeHome.of(home).create();
    Files.writeString(NodeHome.of(home).lock(), ProcessHandle.current().pid() + "\n");

    try (LauncherProcess stop = LauncherProcess.start(home, Map.of(), "stop")) {
      assertThat(stop.exitCode()).isEqualTo(3);
    }
    try (LauncherProcess node = run()) {
      up(node);
    }
  }

  @Test
  void stopWaitsForTheEnd() throws Exception {
    try (LauncherProcess node = run()) {
      up(node);
      try (LauncherProcess stop = LauncherProcess.start(home, Map.of(), "stop")) {
        assertThat(stop.exitCode()).isZero();
        assertThat(stop.output()).contains("PID " + node.pid()).endsWith("stopped");
      }
      assertThat(node.exitCode()).isZero();
    }
  }

  @Test
  void stopGivesUpInTimeAndSaysHowToForce() throws Exception {
    try (LauncherProcess node = run(Map.of("FAKE_SLOW", "1"))) {
      up(node);
      try (LauncherProcess stop =
          LauncherProcess.start(home, Map.of(), "stop", "--timeout", "200ms")) {
        assertThat(stop.exitCode()).isEqualTo(1);
        assertThat(stop.output()).contains("still stopping").contains("kill -TERM " + node.pid());
      }
    }
  }

  @Test
  void onlyTheNamedServicesArePassedOn() throws Exception {
    try (LauncherProcess node =
        LauncherProcess.start(home, Map.of(), "run", "--no-shell", "--only", "identity, storage")) {
      assertThat(node.await("up: ")).endsWith("only=identity,storage");
    }
  }

  @Test
  void aServiceRunsAloneAndIsNotRestarted() throws Exception {
    try (LauncherProcess host =
        LauncherProcess.start(home, Map.of("FAKE_EXIT", "9"), "service", "--name", "identity")) {
      assertThat(host.exitCode()).isEqualTo(1);
      assertThat(host.output()).contains("ended with exit code 9");
    }
    try (LauncherProcess host =
        LauncherProcess.start(home, Map.of(), "service", "--name", "identity")) {
      up(host);
      host.signal("TERM");
      assertThat(host.exitCode()).isZero();
    }
  }

  @Test
  void theJvmsOwnOptionsAndATurkishLocaleDoNoHarm() throws Exception {
    Map<String, String> environment =
        Map.of("JAVA_TOOL_OPTIONS", "-Duser.language=tr -Duser.country=TR");
    try (LauncherProcess node = LauncherProcess.start(home, environment)) {
      up(node);
      node.signal("TERM");
      assertThat(node.exitCode()).isZero();
    }
  }

  private LauncherProcess run() throws Exception {
    return run(Map.of());
  }

  private LauncherProcess run(Map<String, String> environment) throws Exception {
    return LauncherProcess.start(home, environment, "run", "--no-shell");
  }

  private LauncherProcess runAfter(LauncherProcess node) throws Exception {
    up(node);
    return run();
  }

  private LauncherProcess runUnderNohup() throws Exception {
    return LauncherProcess.startUnderNohup(home, Map.of(), "run", "--no-shell");
  }

  /** Waits until the fake is up; returns its PID. */
  private static long up(LauncherProcess node) throws InterruptedException {
    return node.awaitUp();
  }
}
