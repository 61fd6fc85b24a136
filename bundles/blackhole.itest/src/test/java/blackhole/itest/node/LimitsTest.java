package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import blackhole.itest.faulty.FaultyService;
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
                bundle: %s
                resource_limits: { max_memory: 192MB, max_cpu: 1.5, max_file_desc: 512 }
                restart_policy: { max_restarts: 1000, restart_delay: 10ms, max_backoff: 50ms }
            """
                .formatted(TestBundles.faulty(bundles)));
  }

  /** Fails when a cgroup, among others, is left. */
  @AfterAll
  static void stop() {
    node.close();
  }

  private static JsonObject limit(String name) {
    JsonArray rows = node.json("bh:limits puppet");
    for (int i = 0; i < rows.size(); i++) {
      JsonObject row = rows.get(i).getAsJsonObject();
      if (row.get("limit").getAsString().equals(name)) {
        return row;
      }
    }
    throw new AssertionError("no " + name + " in " + rows);
  }

  private static void assumeEnforced(String name) {
    JsonObject row = limit(name);
    assumeThat(row.get("enforced").getAsBoolean()).as("%s", row).isTrue();
  }

  @Test
  void eachLimitSaysHowOrWhyNot() {
    JsonArray rows = node.json("bh:limits");
    assertThat(rows).hasSize(6);
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
    assertThat(Files.readString(limits)).containsPattern("Max open files +512 +512");
  }

  @Test
  void aLeakBesideTheHeapEndsTheServiceAloneAndIsNamed() {
    assumeEnforced("max_memory");
    node.awaitState("puppet", "READY");
    long old = node.pid("puppet").orElseThrow();
    assertThatThrownBy(() -> commit("leak-native")).isInstanceOf(StatusRuntimeException.class);
    node.awaitReplaced("puppet", old, TestNode.PATIENCE);
    assertThat(node.lastCause("puppet")).isEqualTo("out of memory (cgroup limit 192 MB)");
  }

  private static String commit(String fault) {
    return ClientCalls.blockingUnaryCall(
            node.channel("puppet"),
            FaultyService.COMMIT,
            CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(60, TimeUnit.SECONDS),
            StringValue.of(fault))
        .getValue();
  }
}
