package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import blackhole.itest.faulty.FaultyService;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.protobuf.StringValue;
import io.grpc.CallOptions;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of a whole node; what this machine does not let us enforce is skipped. */
class LimitsTest {
  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path bundles) {
    node =
        TestNode.start(
            """
            services:
              puppet:
                bundle: %1$s
                resource_limits: { max_memory: 192MB, max_cpu: 1.5, max_file_desc: 512 }
                restart_policy: { max_restarts: 1000, restart_delay: 10ms, max_backoff: 50ms }
              spinner:
                bundle: %1$s
                resource_limits: { max_memory: 192MB, max_cpu: 0.5 }
            """
                .formatted(TestBundles.faulty(bundles)));
  }

  /** Fails when a cgroup, among others, is left. */
  @AfterAll
  static void stop() {
    node.close();
  }

  private static JsonObject limit(String name) {
    return limit("puppet", name);
  }

  private static JsonObject limit(String service, String name) {
    JsonArray rows = node.json("bh:limits " + service);
    for (int i = 0; i < rows.size(); i++) {
      JsonObject row = rows.get(i).getAsJsonObject();
      if (row.get("limit").getAsString().equals(name)) {
        return row;
      }
    }
    throw new AssertionError("no " + name + " in " + rows);
  }

  private static void assumeEnforced(String name) {
    assumeEnforced("puppet", name);
  }

  private static void assumeEnforced(String service, String name) {
    JsonObject row = limit(service, name);
    assumeThat(row.get("enforced").getAsBoolean()).as("%s", row).isTrue();
  }

  @Test
  void eachLimitSaysHowOrWhyNot() {
    JsonArray rows = node.json("bh:limits");
    assertThat(rows).as("six of one, five of the other").hasSize(11);
    for (int i = 0; i < rows.size(); i++) {
      JsonObject row = rows.get(i).getAsJsonObject();
      assertThat(row.keySet())
          .containsExactly("service", "instance", "limit", "value", "enforced", "how", "reason");
      boolean enforced = row.get("enforced").getAsBoolean();
      assertThat(row.get("how").isJsonNull()).isEqualTo(!enforced);
      assertThat(row.get("reason").isJsonNull()).isEqualTo(enforced);
    }
  }

  @Test
  void theHostHasItsLimitOfOpenFiles() throws IOException {
    assumeEnforced("max_file_desc");
    Path limits = Path.of("/proc", "" + node.pid("puppet").orElseThrow(), "limits");
    assertThat(Files.readString(limits))
        .containsPattern("Max open files +512 +512")
        // a JVM reserves gigabytes that it never uses
        .containsPattern("Max address space +unlimited +unlimited");
  }

  @Test
  void whatSpinsGetsItsShareAndNoMore() {
    assumeEnforced("spinner", "max_cpu");
    node.awaitState("spinner", "READY");
    ProcessHandle process = ProcessHandle.of(node.pid("spinner").orElseThrow()).orElseThrow();
    try {
      assertThat(commit("spinner", "spin 4")).isEqualTo("done");
      long began = System.nanoTime();
      Duration before = cpu(process);
      Await.until(
          "it has used two seconds of CPU time",
          TestNode.PATIENCE,
          () -> cpu(process).minus(before).toSeconds() >= 2);
      Duration used = cpu(process).minus(before);
      double cores = (double) used.toNanos() / (System.nanoTime() - began);
      // no lower bound: others may need the processor
      assertThat(cores).as("cores, of 0.5").isLessThan(0.6);
    } finally {
      node.exec("bh:stop spinner");
    }
  }

  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElseThrow();
  }

  @Test
  void aLeakBesideTheHeapEndsTheServiceAloneAndIsNamed() {
    assumeEnforced("max_memory");
    node.awaitState("puppet", "READY");
    long old = node.pid("puppet").orElseThrow();
    assertThatThrownBy(() -> commit("leak-native")).isInstanceOf(StatusRuntimeException.class);
    node.awaitReplaced("puppet", old, TestNode.PATIENCE);
    assertThat(node.lastCause("puppet")).isEqualTo("out of memory (cgroup limit 192 MB)");
    JsonObject dossier = node.info("puppet").getAsJsonArray("failures").get(0).getAsJsonObject();
    assertThat(dossier.get("kind").getAsString()).isEqualTo("cgroup_out_of_memory");
    assertThat(dossier.get("signal").getAsString()).isEqualTo("SIGKILL");
    assertThat(dossier.get("exit_code").getAsInt()).isEqualTo(137);
    assertThat(dossier.getAsJsonArray("last_log_lines")).isNotEmpty();
  }

  private static String commit(String fault) {
    return commit("puppet", fault);
  }

  private static String commit(String service, String fault) {
    return ClientCalls.blockingUnaryCall(
            node.channel(service),
            FaultyService.COMMIT,
            CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(60, TimeUnit.SECONDS),
            StringValue.of(fault))
        .getValue();
  }
}
