package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import blackhole.itest.faulty.FaultyService;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.protobuf.StringValue;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services that misbehave, side by side in one node: each is contained, and its cause named. */
class FaultyServicesTest {
  /** What a host's output may hold, and a little more that came between two looks. */
  private static final long OUTPUT_LIMIT_BYTES = 12L << 20;

  @TempDir private static Path bundles;

  private static Path spare;
  private static Path replaced;
  private static TestNode node;

  @BeforeAll
  static void start() throws IOException {
    Path faulty = TestBundles.faulty(bundles);
    Path needy = TestBundles.build(bundles, "blackhole.itest.needy", Map.of());
    Path plain = Files.createDirectory(bundles.resolve("plain"));
    Path foreign = Files.createDirectory(bundles.resolve("foreign"));
    replaced = Files.copy(faulty, bundles.resolve("replaced.jar"));
    spare = bundles.resolve("spare");
    String once = "restart_policy: { max_restarts: 0 }";
    node =
        TestNode.builder()
            .yaml(
                """
                supervisor:
                  start_timeout: 25s
                  graceful_shutdown_timeout: 3s
                  health_check_interval: 1s
                  sample_interval: 1s
                services:
                  puppet:
                    bundle: %1$s
                    jvm_args: ["-XX:+HeapDumpOnOutOfMemoryError"]
                    resource_limits: { max_memory: 192MB, max_file_desc: 256, max_threads: 200 }
                    restart_policy: { max_restarts: 1000, restart_delay: 10ms, max_backoff: 50ms }
                  looper:
                    bundle: %1$s
                    custom: { fault: exit 1, unless: %2$s }
                    restart_policy: { max_restarts: 2, restart_delay: 10ms, max_backoff: 50ms }
                  early:    { bundle: %1$s, custom: { fault: halt 137 }, %3$s }
                  mute:     { bundle: %1$s, jvm_args: ["-XX:+NoSuchFlag"], %3$s }
                  needy:    { bundle: %4$s, %3$s }
                  plain:    { bundle: %5$s, %3$s }
                  foreign:  { bundle: %6$s, %3$s }
                  replaced: { bundle: %7$s, %3$s }
                """
                    .formatted(
                        faulty,
                        spare,
                        once,
                        needy,
                        TestBundles.build(
                            plain, "blackhole.itest.faulty", Map.of("-dsannotations", "")),
                        TestBundles.build(
                            foreign,
                            "blackhole.itest.faulty",
                            Map.of("Import-Package", "com.example.missing;version='[1,2)', *")),
                        replaced))
            .create();
    node.run();
    Await.until("the node answers", TestNode.PATIENCE, () -> !node.json("bh:ps").isEmpty());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String commit(String fault) {
    return commit(node.channel("puppet"), fault);
  }

  private static String commit(Channel puppet, String fault) {
    return ClientCalls.blockingUnaryCall(
            puppet,
            FaultyService.COMMIT,
            CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(60, TimeUnit.SECONDS),
            StringValue.of(fault))
        .getValue();
  }

  private static long puppet() {
    node.awaitState("puppet", "READY");
    return node.pid("puppet").orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exit 0        | exited with code 0, though nobody had asked it to | exited | 0 |",
        "exit 1        | exited with code 1 | exited | 1 |",
        "halt 137      | ended from outside by SIGKILL | killed | 137 | SIGKILL",
        "exit 143      | ended from outside by SIGTERM | killed | 143 | SIGTERM",
        "signal KILL   | ended from outside by SIGKILL | killed | 137 | SIGKILL",
        "signal SEGV   | crashed with SIGSEGV in C [ | crashed | 134 | SIGSEGV",
        "exhaust-heap  | out of memory (heap) | heap_out_of_memory | 3 |",
        "exhaust-metaspace | out of memory (metaspace) | metaspace_out_of_memory | 3 |",
        "exhaust-direct | out of memory (direct buffers: Cannot | direct_out_of_memory | 3 |",
      })
  void anEndThatNobodyAskedForIsNamedAndRepaired(
      String fault, String cause, String kind, int exitCode, @Nullable String signal) {
    long old = puppet();
    int restarts = node.status("puppet").get("restarts").getAsInt();

    try {
      commit(fault);
    } catch (StatusRuntimeException e) {
      assertThat(e).hasMessageContaining("UNAVAILABLE");
    }

    node.awaitReplaced("puppet", old, TestNode.PATIENCE);
    assertThat(node.lastCause("puppet")).startsWith(cause);
    assertThat(node.status("puppet").get("last_exit").getAsString()).startsWith(cause);
    assertThat(node.status("puppet").get("restarts").getAsInt()).isEqualTo(restarts + 1);

    JsonObject dossier = lastFailure();
    assertThat(dossier.get("kind").getAsString()).isEqualTo(kind);
    assertThat(dossier.get("exit_code").getAsInt()).isEqualTo(exitCode);
    assertThat(text(dossier, "signal")).isEqualTo(signal);
    assertThat(dossier.get("lived_seconds").getAsDouble()).isPositive();
    assertThat(dossier.getAsJsonArray("last_log_lines")).isNotEmpty();
    assertThat(text(dossier, "hs_err") != null).isEqualTo(kind.equals("crashed"));
    if (kind.equals("heap_out_of_memory")) {
      assertThat(Path.of(dossier.get("heap_dump").getAsString()))
          .isRegularFile()
          .hasParent(node.home().resolve("log"));
    }
  }

  private static @Nullable String text(JsonObject row, String key) {
    return row.get(key).isJsonNull() ? null : row.get(key).getAsString();
  }

  @Test
  void aLeakOfFileDescriptorsEndsTheServiceAloneAndIsNamed() {
    long old = puppet();
    assumeThat(node.exec("bh:limits puppet")).containsPattern("max_file_desc +256 +yes");

    assertThat(commit("exhaust-files")).isEqualTo("done");

    node.awaitReplaced("puppet", old, TestNode.PATIENCE);
    assertThat(node.lastCause("puppet"))
        .isEqualTo("out of file descriptors (too many open files of 256)");
    assertThat(lastFailure().get("kind").getAsString()).isEqualTo("out_of_files");
  }

  @Test
  void aBombOfThreadsEndsTheServiceAloneAndIsNamed() {
    long old = puppet();
    assumeThat(node.exec("bh:limits puppet")).containsPattern("max_threads +200 +yes");

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> commit("exhaust-threads"));

    node.awaitReplaced("puppet", old, TestNode.PATIENCE);
    assertThat(node.lastCause("puppet")).startsWith("out of threads (unable to create native");
    assertThat(lastFailure().get("kind").getAsString()).isEqualTo("out_of_threads");
  }

  @Test
  void aCrashLeavesADossier() {
    long old = puppet();
    Await.until("it was sampled", TestNode.PATIENCE, FaultyServicesTest::isSampled);
    try {
      commit("signal SEGV");
    } catch (StatusRuntimeException e) {
      assertThat(e).hasMessageContaining("UNAVAILABLE");
    }
    node.awaitReplaced("puppet", old, TestNode.PATIENCE);

    JsonObject failure = lastFailure();
    assertThat(failure.get("kind").getAsString()).isEqualTo("crashed");
    assertThat(failure.get("signal").getAsString()).isEqualTo("SIGSEGV");
    assertThat(failure.get("exit_code").getAsInt()).isEqualTo(134);
    Path report = Path.of(failure.get("hs_err").getAsString());
    assertThat(report).isRegularFile().hasParent(node.home().resolve("log"));
    assertThat(failure.get("cause").getAsString()).endsWith("(see " + report + ")");
    assertThat(failure.get("heap_dump").isJsonNull()).isTrue();
    assertThat(failure.getAsJsonArray("last_log_lines").toString())
        .as("what the JVM prints when it crashes")
        .contains("submit a bug report");
    JsonArray samples = failure.getAsJsonArray("last_samples");
    assertThat(samples).isNotEmpty();
    JsonObject sample = samples.get(0).getAsJsonObject();
    assertThat(sample.get("rss_bytes").getAsLong()).isPositive();
    assertThat(node.exec("bh:info puppet")).contains("hs_err file: " + report, "threads ");
  }

  @Test
  void flappingIsNoticedAndRestartsNothing() {
    long pid = puppet();

    assertThat(commit("flap")).isEqualTo("done");

    Await.until(
        "it is seen to flap",
        TestNode.PATIENCE,
        () -> node.exec("bh:health puppet").contains("flaps: its health has changed"));
    assertThat(node.pid("puppet")).hasValue(pid);
    assertThat(node.state("puppet")).isEqualTo("READY");
    node.exec("bh:restart puppet");
  }

  /** It has lived for three intervals. */
  private static boolean isSampled() {
    return node.info("puppet").get("uptime_seconds").getAsLong() >= 3;
  }

  private static JsonObject lastFailure() {
    return node.info("puppet").getAsJsonArray("failures").get(0).getAsJsonObject();
  }

  @Test
  void aFloodOfOutputIsBounded() {
    long pid = puppet();

    assertThat(commit("flood 50")).isEqualTo("done");

    Await.until("the output is cut", TestNode.PATIENCE, () -> outputBytes() < OUTPUT_LIMIT_BYTES);
    assertThat(node.pid("puppet")).hasValue(pid);
    // a test before this one may have started it anew, and its health is not known at once
    Await.until("it is healthy", TestNode.PATIENCE, () -> node.isHealthy("puppet"));
    assertThat(node.pid("puppet")).hasValue(pid);
  }

  /** Hosts write into files, so whoever reads them may take a rest. */
  @Test
  void nobodyReadingIsNoReasonToWait() {
    long pid = puppet();
    long orchestrator = node.orchestrator();
    // before: where its socket is, only the orchestrator says
    Channel channel = node.channel("puppet");

    TestNode.signal(orchestrator, "STOP");
    try {
      assertThat(commit(channel, "flood 50")).isEqualTo("done");
    } finally {
      TestNode.signal(orchestrator, "CONT");
    }

    Await.until("the output is cut", TestNode.PATIENCE, () -> outputBytes() < OUTPUT_LIMIT_BYTES);
    assertThat(node.pid("puppet")).hasValue(pid);
    Await.until("it is healthy", TestNode.PATIENCE, () -> node.isHealthy("puppet"));
  }

  private static long outputBytes() throws IOException {
    long largest = 0;
    try (Stream<Path> files = Files.list(node.home().resolve("log"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".out")).toList()) {
        largest = Math.max(largest, Files.size(file));
      }
    }
    return largest;
  }

  @Test
  void aReplacedOutputHurtsOnlyItsOwner() {
    long pid = puppet();

    assertThat(commit("replace-output")).isEqualTo("done");

    assertThat(node.exec("bh:in puppet bundles")).contains("blackhole.itest.faulty");
    assertThat(node.exec("bh:logs puppet")).contains("READY puppet-1");
    assertThat(node.pid("puppet")).hasValue(pid);
    node.exec("bh:restart puppet");
  }

  @Test
  void whatAServiceStartedEndsWithIt() {
    puppet();
    long child = Long.parseLong(commit("start-child"));
    assertThat(ProcessHandle.of(child)).isPresent();

    node.exec("bh:stop puppet");

    Await.until(
        "the child is gone",
        TestNode.PATIENCE,
        () -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
    assertThat(node.state("puppet")).isEqualTo("STOPPED");
    node.startService("puppet");
  }

  @Test
  void aShutdownThatHangsIsEscalated() {
    puppet();
    assertThat(commit("hang-on-exit")).isEqualTo("done");

    node.exec("bh:stop puppet");

    assertThat(node.status("puppet").get("last_exit").getAsString())
        .isEqualTo("stopped, as shell asked (by SIGKILL)");
    node.startService("puppet");
  }

  @Test
  void aCrashLoopEndsInFailedAndAStartByHandIsFree() throws IOException {
    node.awaitState("looper", "FAILED");
    JsonArray failures = node.info("looper").getAsJsonArray("failures");
    assertThat(failures).hasSize(3);
    assertThat(node.status("looper").get("message").getAsString()).contains("exited with code 1");

    Files.createFile(spare);
    node.startService("looper");

    assertThat(node.info("looper").getAsJsonArray("failures")).hasSize(3);
  }

  @Test
  void anEndDuringTheStartSaysHowFarItCame() {
    node.awaitState("early", "FAILED");

    assertThat(node.lastCause("early"))
        .startsWith("ended from outside by SIGKILL, ")
        .containsAnyOf("before the handshake", "before it was ready");
  }

  /** As a JVM does that refuses its flags. */
  @Test
  void whatAProcessSaysBeforeItLogsIsKept() {
    node.awaitState("mute", "FAILED");

    assertThat(node.lastCause("mute")).startsWith("exited with code 1");
    JsonArray failures = node.info("mute").getAsJsonArray("failures");
    assertThat(failures.get(0).getAsJsonObject().getAsJsonArray("last_log_lines").toString())
        .contains("Unrecognized VM option 'NoSuchFlag'");
  }

  @Test
  void whatNeverGetsReadyNamesTheUnsatisfiedChain() {
    node.awaitState("needy", "FAILED");

    assertThat(node.lastCause("needy"))
        .startsWith("not ready within 25 s")
        .contains(
            "blackhole.itest.needy.NeedyService waits for reference store"
                + " (interface java.lang.Runnable)",
            "waits for reference disk (interface java.util.concurrent.Callable), which has no"
                + " provider");
  }

  @Test
  void aBundleWithoutAServiceIsNamed() {
    node.awaitState("plain", "FAILED");

    assertThat(node.lastCause("plain"))
        .startsWith("could not start: bundle blackhole.itest.faulty offers no gRPC service");
  }

  @Test
  void anImportThatIsMissingIsNamed() {
    node.awaitState("foreign", "FAILED");

    assertThat(node.lastCause("foreign"))
        .startsWith("could not start: bundle blackhole.itest.faulty 1.0.0 does not resolve")
        .contains("no bundle here exports package com.example.missing in versions [1.0.0,2.0.0)");
  }

  @Test
  void aBundleThatBecameSomethingElseIsNamed() throws IOException {
    node.awaitState("replaced", "READY");
    node.exec("bh:stop replaced");
    Files.write(replaced, List.of("this is not a jar"));

    assertThat(node.tryExec("bh:start replaced").exitCode()).isEqualTo(1);

    node.awaitState("replaced", "FAILED");
    assertThat(node.lastCause("replaced"))
        .startsWith("its process could not be started: " + replaced + " is not a jar that can be");
  }

  @Test
  void aCallThatFailsDoesNotEndTheService() {
    long pid = puppet();

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> commit("nonsense"))
        .withMessageContaining("no such fault: nonsense");

    assertThat(node.pid("puppet")).hasValue(pid);
  }
}
