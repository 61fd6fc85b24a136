package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node with a warm spare: who takes it, who cannot, and what becomes of it. */
class SparesTest {
  private static final String YAML =
      """
      services:
        identity:
          resource_limits: { max_cpu: 1.5 }
          restart_policy: { max_restarts: 100, restart_delay: 10ms, max_backoff: 50ms }
        odd:
          bundle: %s
          jvm_args: [-Dodd=true]
      supervisor: { warm_spares: 1 }
      """;

  @TempDir private Path bundles;

  @Test
  void aSpareTakesOverWhatItFits() throws IOException {
    try (TestNode node = TestNode.start(YAML.formatted(TestBundles.faulty(bundles)))) {
      long first = aSpareWaits(node);
      aKilledServiceIsTakenOver(node, first);
      aRestartTakesTheNext(node);
      whatNoneFitsStartsCold(node);
      aSpareThatDiesIsReplaced(node);
      theNextOrchestratorEndsIt(node);
      assertThat(node.stop()).isZero();
      assertThat(node.leftBehind()).isEmpty();
      assertThat(hostFiles(node)).isEmpty();
    }
  }

  private static long aSpareWaits(TestNode node) {
    long spare = node.awaitSpare();
    JsonObject row = node.json("bh:ps --all").get(2).getAsJsonObject();
    assertThat(row.keySet()).isEqualTo(node.status("identity").keySet());
    assertThat(row.get("pid").getAsLong()).isEqualTo(spare);
    assertThat(row.get("rss_bytes").getAsLong()).isPositive();
    assertThat(row.get("message").getAsString()).isEqualTo("waits for a service");
    assertThat(node.json("bh:ps")).hasSize(2);
    return spare;
  }

  private static void aKilledServiceIsTakenOver(TestNode node, long spare) throws IOException {
    var channel = node.channel("identity");
    Users.register(channel, "alice");
    List<String> limits = limits(node);

    long old = node.kill("identity");

    assertThat(node.awaitReplaced("identity", old, TestNode.PATIENCE)).isEqualTo(spare);
    assertThat(Users.authenticate(channel, "alice")).isNotEmpty();
    assertThat(node.log()).contains("identity-1 STARTING: takes a warm spare (pid " + spare + ")");
    assertThat(Files.readString(node.home().resolve("log/identity-1.log")))
        .contains(" identity-1 [" + spare + "] blackhole.host.HostAgent: READY identity-1");
    assertThat(limits(node)).isEqualTo(limits);
    assertThat(node.exec("bh:in identity 'bh:bundles'")).contains("blackhole.identity");
    assertThat(node.info("identity").get("failures").getAsJsonArray()).hasSize(1);
  }

  private static List<String> limits(TestNode node) {
    List<String> limits = new ArrayList<>();
    node.json("bh:limits identity").forEach(row -> limits.add(row.toString()));
    return limits;
  }

  private static void aRestartTakesTheNext(TestNode node) {
    long spare = node.awaitSpare();
    node.exec("bh:restart identity");
    assertThat(node.pid("identity")).hasValue(spare);
    node.awaitReady();
    assertThat(node.awaitSpare()).isNotEqualTo(spare);
  }

  private static void whatNoneFitsStartsCold(TestNode node) {
    long spare = node.awaitSpare();
    node.exec("bh:restart odd");
    assertThat(node.pid("odd").orElseThrow()).isNotEqualTo(spare);
    assertThat(node.log()).contains("odd-1 STARTING: starts cold, as spares have other JVM flags");
    assertThat(node.awaitSpare()).isEqualTo(spare);
  }

  private static void aSpareThatDiesIsReplaced(TestNode node) {
    long spare = node.awaitSpare();
    Processes.kill(spare);
    Await.until("another waits", TestNode.PATIENCE, () -> node.awaitSpare() != spare);
    assertThat(node.log()).containsPattern("spare spare-\\w+-\\d+ ended \\(exit code 137\\)");
  }

  private static void theNextOrchestratorEndsIt(TestNode node) {
    long spare = node.awaitSpare();
    long host = node.pid("identity").orElseThrow();
    Processes.kill(node.orchestrator());
    node.awaitReady();
    assertThat(node.pid("identity")).as("was a spare once, and is adopted").hasValue(host);
    Processes.awaitGone(spare);
    assertThat(node.awaitSpare()).isNotEqualTo(spare);
  }

  /** Records, assignments and logs that belong to one host alone. */
  private static List<Path> hostFiles(TestNode node) throws IOException {
    try (var state = Files.list(node.home().resolve("state/hosts"));
        var logs = Files.list(node.home().resolve("log"))) {
      List<Path> found = new ArrayList<>(state.toList());
      logs.filter(file -> file.getFileName().toString().matches("spare-.*\\.log"))
          .forEach(found::add);
      return found;
    }
  }
}
