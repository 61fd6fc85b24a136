package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import blackhole.testkit.Await;
import blackhole.testkit.CommandResult;
import blackhole.testkit.TestNode;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits that change, and pressure that comes and goes, while a node runs. */
class LiveLimitsTest {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final String LIMITS = "max_memory: 192MB, max_cpu: 1.5, max_file_desc: 512";

  private static Path bundle;
  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path bundles) {
    bundle = TestBundles.faulty(bundles);
    node = TestNode.start(yaml(LIMITS, ""));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String yaml(String limits, String policy) {
    return """
        services:
          puppet:
            bundle: %s
            resource_limits: { %s }
        supervisor:
          sample_interval: 1s
          resource_policies:
            puppets: { members: [puppet]%s }
        """
        .formatted(bundle, limits, policy);
  }

  private static JsonArray reload(String limits, String policy) {
    node.configure(yaml(limits, policy));
    return node.json("bh:reload");
  }

  private static JsonObject change(JsonArray changes, String key) {
    for (int i = 0; i < changes.size(); i++) {
      JsonObject row = changes.get(i).getAsJsonObject();
      if (row.get("key").getAsString().equals(key)) {
        return row;
      }
    }
    throw new AssertionError("no " + key + " in " + changes);
  }

  /** A control of the cgroup that the service's process is in, as the kernel has it. */
  private static String control(String name) throws IOException {
    String pid = Long.toString(node.pid("puppet").orElseThrow());
    List<String> values = new ArrayList<>();
    try (Stream<Path> found = Files.find(CGROUPS, 12, (path, attributes) -> path.endsWith(name))) {
      for (Path path : found.filter(LiveLimitsTest::isOfPuppet).toList()) {
        if (Files.readAllLines(path.resolveSibling("cgroup.procs")).contains(pid)) {
          values.add(Files.readString(path).trim());
        }
      }
    }
    assertThat(values).as(name + " of process " + pid).hasSize(1);
    return values.get(0);
  }

  private static boolean isOfPuppet(Path control) {
    return control.getParent().getFileName().toString().startsWith("puppet-1-");
  }

  private static String message() {
    return node.status("puppet").get("message").getAsString();
  }

  @Test
  void aReloadedLimitHoldsTheProcessThatRuns() throws IOException {
    reload(LIMITS, "");
    long pid = node.pid("puppet").orElseThrow();
    JsonArray changes =
        reload("max_memory: 256MB, max_cpu: 0.25, max_file_desc: 300", ", cpu_priority_boost: 5");
    JsonObject quota = change(changes, "max_cpu");
    assertThat(quota.get("after").getAsString()).isEqualTo("0.25");
    assumeThat(quota.get("applied").getAsBoolean()).as("%s", quota).isTrue();

    if (quota.get("message").getAsString().contains("v1")) {
      assertThat(control("cpu.cfs_quota_us")).isEqualTo("25000");
      assertThat(control("cpu.shares")).isEqualTo("1536");
      assertThat(control("memory.limit_in_bytes")).isEqualTo("" + (256 << 20));
    } else {
      assertThat(control("cpu.max")).isEqualTo("25000 100000");
      assertThat(control("cpu.weight")).isEqualTo("150");
      assertThat(control("memory.max")).isEqualTo("" + (256 << 20));
    }
    assertThat(Files.readString(Path.of("/proc", "" + pid, "limits")))
        .containsPattern("Max open files +300 +300");
    assertThat(change(changes, "max_memory").get("message").getAsString())
        .endsWith("its heap is still that of 192MB, until 'restart puppet-1'");
    assertThat(node.pid("puppet")).as("it runs on").hasValue(pid);
    assertThat(node.exec("bh:config puppet --json")).contains("\"0.25\"");

    // what a process gets that starts now
    node.exec("bh:restart puppet");
    node.awaitState("puppet", "READY");
    assertThat(node.info("puppet").get("jvm_flags").toString()).contains("-Xmx128m");
    assertThat(change(reload(LIMITS, ""), "max_memory").get("message").getAsString())
        .isEqualTo("its heap was made for 256MB, which stays until 'restart puppet-1'");
  }

  @Test
  void aFileWithAnErrorIsRefusedAsAWhole() {
    String before = node.exec("bh:limits puppet --json");
    node.configure(yaml("max_cpu: 0.1, max_memory: 1MB", ""));
    CommandResult result = node.tryExec("bh:reload");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stderr())
        .contains("is refused, and nothing has changed")
        .contains("node.yaml:4:", "services.puppet.resource_limits.max_memory");
    assertThat(node.exec("bh:limits puppet --json")).isEqualTo(before);
  }

  @Test
  void pressureIsShownLoggedAndEasedUntilItIsOver() {
    reload(LIMITS, ", memory_threshold: 10%");
    Await.until(
        "ps shows the pressure", TestNode.PATIENCE, () -> message().contains("memory pressure: "));
    assertThat(message()).contains(" MB of ", "memory_threshold 10 %");
    assertThat(node.log())
        .containsPattern("WARN .*puppet-1 READY: memory pressure: \\d+ MB of \\d+ MB");
    Await.until(
        "the host has collected garbage",
        TestNode.PATIENCE,
        () -> node.exec("bh:logs puppet -n 1000").contains("collected garbage, as the"));
    reload(LIMITS, "");
    Await.until("it is over", TestNode.PATIENCE, () -> message().isEmpty());
    assertThat(node.log()).contains("memory pressure is over: there is no memory_threshold");
  }
}
