package blackhole.itest.node;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import io.grpc.ManagedChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
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

  /** The outputs and crash reports of hosts that are gone; see {@code HostFiles}. */
  private static final int FILES_KEPT = 30;

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
    long files = files(node.home().toFile());
    ProcessHandle orchestrator = ProcessHandle.of(node.orchestrator()).orElseThrow();
    Duration cpu = orchestrator.info().totalCpuDuration().orElseThrow();
    long began = System.nanoTime();
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
    Duration used = orchestrator.info().totalCpuDuration().orElseThrow().minus(cpu);
    assertThat((double) used.toNanos() / (System.nanoTime() - began))
        .as("cores of the orchestrator, which is asked all the time, too")
        .isLessThan(0.75);
    int crashes = crashes() - before;
    assertThat(files(node.home().toFile()) - files).isLessThanOrEqualTo(FILES_KEPT);
    assertThat(node.logBytes() - logged).isLessThan(crashes * BYTES_PER_CRASH);
    pids.forEach((service, pid) -> assertThat(node.pid(service)).hasValue(pid));
    assertThat(node.lastCause("crasher")).startsWith("exited with code 1");

    Files.createFile(bundles.resolve("calm"));
    node.awaitState("crasher", "READY");
  }

  /** In a folder and those below; what is removed meanwhile counts or does not. */
  private static long files(File folder) {
    File[] entries = folder.listFiles();
    if (entries == null) {
      return 0;
    }
    return Arrays.stream(entries)
        .mapToLong(entry -> Files.isDirectory(entry.toPath(), NOFOLLOW_LINKS) ? files(entry) : 1)
        .sum();
  }

  private static int crashes() {
    return node.status("crasher").get("restarts").getAsInt();
  }
}
