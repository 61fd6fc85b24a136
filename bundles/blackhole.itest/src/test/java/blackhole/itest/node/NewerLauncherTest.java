package blackhole.itest.node;

import static blackhole.itest.node.CallBundles.request;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.itest.calls.v1.CallRequest;
import blackhole.itest.calls.v1.CallResponse;
import blackhole.itest.calls.v1.DriverGrpc;
import blackhole.itest.calls.v1.Kind;
import blackhole.testkit.Await;
import blackhole.testkit.CommandResult;
import blackhole.testkit.LauncherJar;
import blackhole.testkit.TestNode;
import io.grpc.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node goes on under the next release of its launcher, and no call fails. */
class NewerLauncherTest {
  private static final Duration BUSY = Duration.ofMinutes(4);
  private static final String YAML =
      """
      supervisor: { stale_process_timeout: 20m, start_timeout: 5m, update_observation: 1s }
      services:
        identity: {}
        storage: {}
        driver: { bundle: %s }
      """;

  @TempDir private Path directory;

  @Test
  void hostsAreAdoptedAndThenRolledToTheNewBundles() throws Exception {
    Path caller = CallBundles.driver(Files.createDirectory(directory.resolve("d")));
    try (TestNode node = TestNode.builder().yaml(YAML.formatted(caller)).newHome().start()) {
      HotBundles bundles = new HotBundles(directory);
      Path newer = newer(node, bundles);
      node.exec(
          "bh:update identity " + bundles.carried(node.home(), "blackhole.identity", "0.1.5"));
      String cid = CallBundles.driverOf(node).call("storage", Kind.STORAGE_PUT, "kept").getAnswer();
      Channel driver = node.channel("driver");
      long first = node.pid("identity").orElseThrow();
      long second = node.pid("storage").orElseThrow();
      try (SteadyCalls calls = new SteadyCalls()) {
        calls.keep("storage", () -> call(driver, request("storage", Kind.STORAGE_STAT, cid)));

        goOnWith(node, newer);

        assertThat(node.pid("identity")).hasValue(first);
        assertThat(node.pid("storage")).hasValue(second);
        assertThat(version(node, "storage")).as("as it runs").isEqualTo("0.1.0");
        assertThat(hosts(node, "storage")).isEqualTo("0.1.0");

        node.exec("bh:restart storage --rolling");
        node.exec("bh:restart identity --rolling");

        assertThat(version(node, "storage")).isEqualTo("0.1.1");
        assertThat(hosts(node, "storage")).isEqualTo("0.1.1");
        assertThat(version(node, "identity")).as("what was installed").isEqualTo("0.1.5");
        assertThat(hosts(node, "identity")).isEqualTo("0.1.1");

        node.exec("bh:rollback identity --builtin");
        assertThat(version(node, "identity")).as("the new launcher's").isEqualTo("0.1.1");
        calls.assertNoneFailed();
      }
      assertThat(node.stop()).isZero();
      assertThat(node.leftBehind()).isEmpty();
    }
  }

  private static void call(Channel driver, CallRequest request) {
    CallResponse response =
        DriverGrpc.newBlockingStub(driver)
            .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .call(request);
    assertThat(response.getCode()).as(response.getMessage()).isEqualTo("OK");
  }

  /** With other versions of a platform's bundle, and of two services. */
  private Path newer(TestNode node, HotBundles bundles) throws Exception {
    return NewerLauncher.of(
        LauncherJar.find(),
        Map.of(
            "blackhole.host", bundles.carried(node.home(), "blackhole.host", "0.1.1"),
            "blackhole.identity", bundles.carried(node.home(), "blackhole.identity", "0.1.1"),
            "blackhole.storage", bundles.carried(node.home(), "blackhole.storage", "0.1.1")),
        Files.createDirectory(directory.resolve("release")).resolve("launcher.jar"));
  }

  private static void goOnWith(TestNode node, Path launcher) {
    CommandResult left = node.launcher("stop", "--keep-hosts");
    assertThat(left.exitCode()).as(left.stderr()).isZero();
    assertThat(node.awaitExit()).isZero();
    node.use(launcher);
    node.run();
    Await.until("the next orchestrator answers", BUSY, () -> node.tryExec("bh:ps").exitCode() == 0);
    node.awaitReady();
  }

  private static String version(TestNode node, String service) {
    return node.status(service).get("bundle_version").getAsString();
  }

  /** Of the platform's part in a service's process. */
  private static String hosts(TestNode node, String service) {
    for (var one : node.json("bh:bundles " + service)) {
      if (one.getAsJsonObject().get("symbolic_name").getAsString().equals("blackhole.host")) {
        return one.getAsJsonObject().get("version").getAsString();
      }
    }
    throw new AssertionError("no blackhole.host in " + service);
  }
}
