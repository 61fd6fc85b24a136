package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything fails together, and one fails without end: the node stays itself. */
class StormTest {
  private static final List<String> SERVICES = List.of("identity", "storage", "front");
  private static final int CRASHES = 8;

  /** What a crash may leave in the log directory: a line or two here and there, no more. */
  private static final long BYTES_PER_CRASH = 16 << 10;

  @TempDir private static Path bundles;

  private static TestNode node;
  private static ManagedChannel identity;

  @BeforeAll
  static void start() throws IOException {
    node =
        TestNode.builder()
            .yaml(
                """
                supervisor: { warm_spares: 0 }
                services:
                  identity: {}
                  storage: { depends_on: [identity] }
                  front: { bundle: %1$s, depends_on: [storage] }
                  crasher:
                    bundle: %1$s
                    custom: { fault: halt 1, unless: %2$s }
                    restart_policy: { max_restarts: 100000, restart_delay: 10ms, max_backoff: 10ms }
                """
                    .formatted(TestBundles.faulty(bundles), bundles.resolve("calm")))
            .create();
    Files.createFile(bundles.resolve("calm"));
    node.run();
    node.awaitReady();
    identity = node.channel("identity");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void allThatAreKilledTogetherComeBack() {
    Map<String, Long> killed = new HashMap<>();
    // the most depended on last: it must not matter
    for (String service : List.of("front", "storage", "identity")) {
      killed.put(service, node.kill(service));
    }
    killed.forEach((service, pid) -> node.awaitReplaced(service, pid, TestNode.PATIENCE));

    for (String service : SERVICES) {
      assertThat(node.lastCause(service)).isEqualTo("ended from outside by SIGKILL");
    }
    Users.register(identity, "after-the-storm");
  }

  @Test
  void oneThatCrashesWithoutEndIsContained() throws Exception {
    Users.register(identity, "calm");
    Map<String, Long> pids = new HashMap<>();
    SERVICES.forEach(service -> pids.put(service, node.pid(service).orElseThrow()));
    long old = node.pid("crasher").orElseThrow();
    Files.delete(bundles.resolve("calm"));
    int before = crashes();
    long logged = node.logBytes();
    try (SteadyCalls calls = new SteadyCalls()) {
      calls.keep(
          "authenticate", () -> assertThat(Users.authenticate(identity, "calm")).isNotEmpty());
      long killed = node.kill("crasher");
      assertThat(killed).isEqualTo(old);
      Await.until(
          CRASHES + " crashes in a row",
          TestNode.PATIENCE.multipliedBy(2),
          () -> crashes() >= before + CRASHES);
      calls.assertNoneFailed();
    }
    int crashes = crashes() - before;
    assertThat(node.logBytes() - logged).isLessThan(crashes * BYTES_PER_CRASH);
    pids.forEach((service, pid) -> assertThat(node.pid(service)).hasValue(pid));
    assertThat(node.lastCause("crasher")).startsWith("exited with code 1");

    Files.createFile(bundles.resolve("calm"));
    node.awaitState("crasher", "READY");
  }

  private static int crashes() {
    return node.status("crasher").get("restarts").getAsInt();
  }
}
