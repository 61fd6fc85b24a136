package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.testkit.Await;
import blackhole.testkit.CommandResult;
import blackhole.testkit.TestNode;
import com.google.gson.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order in which a node starts and stops what depends on each other, and what it leaves. */
class NodeStopTest {
  @TempDir private Path bundles;

  @Test
  void dependenciesStartFirstAndStopLast() throws IOException {
    Path faulty = TestBundles.faulty(bundles);
    try (TestNode node =
        TestNode.builder()
            .yaml(
                """
                services:
                  roof:   { bundle: %1$s, depends_on: [walls] }
                  walls:  { bundle: %1$s, depends_on: [ground] }
                  ground: { bundle: %1$s }
                  broken: { bundle: %1$s, custom: { fault: exit 1 }, restart_policy: { max_restarts: 0 } }
                  leaning: { bundle: %1$s, depends_on: [broken] }
                """
                    .formatted(faulty))
            .create()) {
      // of the lock that a crash left, with a PID that is no node's
      Files.createDirectories(node.home().resolve("run"));
      Files.writeString(node.home().resolve("run/node.lock"), "1\n");
      node.run();
      node.awaitState("roof", "READY");
      node.awaitState("broken", "FAILED");
      aDependentOfWhatFailedIsUpAndSaysSo(node);
      assertThat(node.log())
          .containsSubsequence(
              "ground-1 STARTING -> READY",
              "walls-1 STARTING -> READY",
              "roof-1 STARTING -> READY");

      CommandResult stop = node.launcher("stop");

      assertThat(stop.exitCode()).as(stop.stderr()).isZero();
      assertThat(node.awaitExit()).isZero();
      assertThat(node.leftBehind()).isEmpty();
      assertThat(Files.size(node.home().resolve("run/node.lock"))).isZero();
      assertThat(node.log())
          .containsSubsequence(
              "roof-1 DRAINING -> STOPPED",
              "walls-1 DRAINING -> STOPPED",
              "ground-1 DRAINING -> STOPPED");

      onlyWhatIsNamedAndItsDependenciesRun(node);
    }
  }

  private static void aDependentOfWhatFailedIsUpAndSaysSo(TestNode node) {
    node.awaitState("leaning", "READY");
    // unknown until it has answered for the first time
    Await.until(
        "leaning is degraded",
        TestNode.PATIENCE,
        () -> node.status("leaning").get("health").getAsString().equals("degraded"));
    assertThat(node.status("leaning").get("message").getAsString()).contains("broken");
  }

  private static void onlyWhatIsNamedAndItsDependenciesRun(TestNode node) {
    node.run("--only", "walls");
    node.awaitReady();
    JsonArray rows = node.json("bh:ps");
    assertThat(rows)
        .extracting(row -> row.getAsJsonObject().get("service").getAsString())
        .containsExactlyInAnyOrder("walls", "ground");
    assertThat(node.stop()).isZero();
    assertThat(node.leftBehind()).isEmpty();
  }
}
