package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import blackhole.testkit.Await;
import blackhole.testkit.CommandResult;
import blackhole.testkit.Commands;
import blackhole.testkit.LauncherJar;
import blackhole.testkit.TestNode;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node that runs shows of itself, to its operator and to clients from outside. */
class RunningNodeTest {
  private static final String[] PS_KEYS = {
    "service",
    "instance",
    "state",
    "health",
    "message",
    "pid",
    "uptime_seconds",
    "restarts",
    "last_restart",
    "last_exit",
    "socket",
    "port",
    "rss_bytes",
    "cpu_cores",
    "bundle_version"
  };
  private static final String[] TOP_KEYS = {
    "service",
    "instance",
    "pid",
    "rss_bytes",
    "pss_bytes",
    "memory_limit_bytes",
    "cpu_cores",
    "open_fds",
    "threads",
    "virtual_threads",
    "heap_used_bytes",
    "sampled_at"
  };
  private static final String HEALTH = "blackhole.health.v1.Health";
  private static final String IDENTITY = "blackhole.identity.v1.Identity";

  private static int port;
  private static TestNode node;

  @BeforeAll
  static void start() throws IOException {
    port = Ports.free(1).get(0);
    node =
        TestNode.builder()
            .yaml("services:\n  identity: { port: " + port + " }\n  spare: { enabled: false }\n")
            .environment("SERVICE_PORT", "1")
            .start();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void psHasEveryKeyForEachInstance() {
    CommandResult ps = node.launcher("exec", "bh:ps --json");
    assertThat(ps.exitCode()).isZero();
    assertThat(ps.stderr()).isEmpty();
    JsonArray rows = JsonParser.parseString(ps.stdout()).getAsJsonArray();
    assertThat(rows).hasSize(1);
    JsonObject row = rows.get(0).getAsJsonObject();
    assertThat(row.keySet()).containsExactlyInAnyOrder(PS_KEYS);
    assertThat(row.get("service").getAsString()).isEqualTo("identity");
    assertThat(row.get("instance").getAsInt()).isEqualTo(1);
    assertThat(row.get("state").getAsString()).isEqualTo("READY");
    assertThat(row.get("health").getAsString()).isEqualTo("healthy");
    assertThat(row.get("restarts").getAsInt()).isZero();
    assertThat(row.get("last_exit").isJsonNull()).isTrue();
    assertThat(row.get("last_restart").isJsonNull()).isTrue();
    assertThat(row.get("port").getAsInt()).isEqualTo(port);
    assertThat(row.get("rss_bytes").getAsLong()).isPositive();
    assertThat(row.get("socket").getAsString())
        .isEqualTo(node.home().resolve("run/identity-1.sock").toString());
  }

  @Test
  void topHasEveryKeyForEachInstance() {
    JsonObject row =
        Await.value(
            "a sample of the host's own",
            Duration.ofSeconds(30),
            () ->
                Optional.of(node.json("bh:top identity").get(0).getAsJsonObject())
                    .filter(seen -> !seen.get("heap_used_bytes").isJsonNull()));
    assertThat(row.keySet()).containsExactly(TOP_KEYS);
    assertThat(row.get("service").getAsString()).isEqualTo("identity");
    assertThat(row.get("pid").getAsLong()).isEqualTo(node.pid("identity").orElseThrow());
    for (String key :
        List.of("rss_bytes", "pss_bytes", "memory_limit_bytes", "open_fds", "threads")) {
      assertThat(row.get(key).getAsLong()).as(key).isPositive();
    }
    assertThat(row.get("heap_used_bytes").getAsLong())
        .isBetween(1L, row.get("memory_limit_bytes").getAsLong());
  }

  @Test
  void disabledServicesAreShownOnRequest() {
    JsonArray rows = node.json("bh:ps --all");
    assertThat(rows).hasSize(2);
    assertThat(rows).allSatisfy(row -> keys(row.getAsJsonObject()));
  }

  private static void keys(JsonObject row) {
    assertThat(row.keySet()).containsExactlyInAnyOrder(PS_KEYS);
  }

  @Test
  void theServiceIsAProcessOfItsOwn() throws IOException {
    long host = node.pid("identity").orElseThrow();
    assertThat(host).isNotEqualTo(node.process().pid()).isNotEqualTo(node.orchestrator());
    assertThat(ProcessHandle.of(host).orElseThrow().parent().orElseThrow().pid())
        .isEqualTo(node.orchestrator());
    // ProcessHandle.Info knows no command lines of more than a page
    assertThat(Files.readString(Path.of("/proc", Long.toString(host), "cmdline")).split("\0", -1))
        .contains(node.home().toString(), "identity");
  }

  @Test
  void aHostHasItsOwnVariablesAndNobodyElses() throws IOException {
    Map<String, String> variables = environment(node.pid("identity").orElseThrow());
    assertThat(variables.keySet().stream().filter(RunningNodeTest::isOurs))
        .containsExactlyInAnyOrder(
            "SERVICE_NAME",
            "SERVICE_INSTANCE",
            "SERVICE_SOCKET",
            "SERVICE_PORT",
            "BLACKHOLE_SOCKET",
            "BLACKHOLE_TOKEN");
    assertThat(variables)
        .containsEntry("SERVICE_NAME", "identity")
        .containsEntry("SERVICE_INSTANCE", "1")
        .containsEntry("SERVICE_PORT", Integer.toString(port))
        .containsEntry("BLACKHOLE_SOCKET", node.home().resolve("run/node.sock").toString());
    assertThat(node.socket("identity").toRealPath())
        .isEqualTo(Path.of(variables.get("SERVICE_SOCKET")).toRealPath());
    assertThat(variables.get("BLACKHOLE_TOKEN")).hasSizeGreaterThanOrEqualTo(22);
  }

  private static boolean isOurs(String variable) {
    return variable.startsWith("SERVICE_") || variable.startsWith("BLACKHOLE_");
  }

  private static Map<String, String> environment(long pid) throws IOException {
    Map<String, String> variables = new HashMap<>();
    byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ"));
    for (String entry : new String(bytes, StandardCharsets.UTF_8).split("\0")) {
      int equals = entry.indexOf('=');
      variables.put(entry.substring(0, equals), entry.substring(equals + 1));
    }
    return variables;
  }

  @Test
  void socketsAndWhatIsSecretAreForThisUserAlone() throws IOException {
    Path run = node.home().resolve("run");
    assertThat(permissions(run)).isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files.filter(file -> isLasting(file, ".sock")))
          .hasSize(4)
          .allSatisfy(socket -> assertThat(permissions(socket)).isEqualTo("rw-------"));
    }
    try (Stream<Path> files = Files.list(node.home().resolve("state/hosts"))) {
      assertThat(files.filter(file -> isLasting(file, ".host")))
          .hasSize(1)
          .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
    }
  }

  /** Not one of the process that makes a class-data archive, which comes and goes. */
  private static boolean isLasting(Path file, String suffix) {
    String name = file.getFileName().toString();
    return name.endsWith(suffix) && !name.startsWith("training");
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void logsAreWhereTheyAreSaidToBe() {
    // a host announces that it is ready, and then writes so
    Await.until(
        "the host has written that it is ready",
        TestNode.PATIENCE,
        () ->
            Files.readString(node.home().resolve("log/identity-1.log"))
                .contains("READY identity-1"));
    assertThat(node.log()).contains("identity-1 STARTING -> READY");
    assertThat(node.exec("bh:logs identity -n 1000")).contains("READY identity-1");

    // what gRPC sends and gets, for one: the node asks for its health all the time
    node.exec("bh:log identity root debug");
    try {
      Await.until(
          "it says more",
          TestNode.PATIENCE,
          () -> node.exec("bh:logs identity -n 1000").contains(" DEBUG identity-1 ["));
    } finally {
      node.exec("bh:log identity root default");
    }
  }

  @Test
  void aPersonIsToldWhatIsUpAndHowToGoOn() {
    // it is printed when all are READY, which others may see a moment before
    Await.until(
        "the start is reported to its end",
        TestNode.PATIENCE,
        () -> node.printed().contains("stop --home " + node.home()));
    assertThat(node.printed())
        .containsPattern("identity-1 +READY in \\d+\\.\\d\\d s +unix:/.*/run/identity-1.sock")
        .contains("exec --home " + node.home(), "stop --home " + node.home())
        .doesNotContain("Exception");
  }

  @Test
  void commandsTellOfTheService() {
    JsonObject info = node.info("identity");
    assertThat(info.keySet())
        .contains(PS_KEYS)
        .contains("started", "failures", "limits", "jvm_flags", "depends_on");
    assertThat(info.getAsJsonArray("failures")).isEmpty();
    assertThat(node.exec("bh:info identity")).contains("identity-1", "READY, healthy");
    JsonObject health = node.json("bh:health identity").get(0).getAsJsonObject();
    assertThat(health.get("health").getAsString()).isEqualTo("healthy");
    assertThat(node.exec("bh:bundles identity")).contains("blackhole.identity", "ACTIVE");
    assertThat(node.exec("bh:bundles")).contains("blackhole.orchestrator");
    assertThat(node.exec("bh:config identity")).contains("services.identity.port", "" + port);
    assertThat(node.exec("bh:in identity 'bh:bundles'")).contains("blackhole.identity");
    assertThat(node.exec("bh:in identity-1 'echo from inside'"))
        .isEqualToIgnoringWhitespace("from inside");
    assertThat(node.exec("bh:in identity 'scr:list'")).contains("blackhole.identity.");
    assertThat(node.exec("bh:in identity 'headers 0'")).contains("Bundle-SymbolicName");
    assertThat(node.exec("bh:in identity 'lb -s | grep blackhole.identity'")).hasLineCount(1);
    assertThat(node.exec("help")).contains("ps", "restart");
  }

  @ParameterizedTest
  @ValueSource(strings = {"info", "health", "stop", "restart", "bundles", "config", "logs"})
  void anUnknownServiceIsRefusedWithASuggestion(String command) {
    CommandResult result = node.tryExec("bh:" + command + " identty");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stdout()).isEmpty();
    assertThat(result.stderr().strip())
        .contains("identty", "did you mean 'identity'?")
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bh:pss", "ps --jsn", "ps (", "in identity 'nonsense'", "info"})
  void aLineThatIsWrongFailsWithOneLine(String line) {
    CommandResult result = node.launcher("exec", line);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stdout()).isEmpty();
    assertThat(result.stderr().strip()).isNotEmpty().doesNotContain("\n").doesNotContain("at ");
  }

  @Test
  void aReaderThatHasSeenEnoughIsNoError() {
    CommandResult result =
        Commands.run(
            List.of(
                "sh",
                "-c",
                "{ \"$0\" -jar \"$1\" exec --home \"$2\" 'bh:config'; echo $? >&2; } | head -1",
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                LauncherJar.find().toString(),
                node.home().toString()));
    assertThat(result.exitCode()).isZero();
    assertThat(result.stdout().lines()).hasSize(1);
    assertThat(result.stderr()).isEqualToIgnoringWhitespace("0");
  }

  @Test
  void anotherNodeIsRefusedWithTheHoldersPid() {
    CommandResult second = node.launcher("run", "--no-shell");
    assertThat(second.exitCode()).isEqualTo(4);
    assertThat(second.stderr()).contains("in use", "PID " + node.process().pid());
    assertThat(node.isHealthy("identity")).isTrue();
  }

  @Test
  void aClientFromOutsideCallsByReflection() throws Exception {
    OutsideClient client = new OutsideClient(node.channel("identity"));
    assertThat(client.services())
        .contains(
            IDENTITY,
            HEALTH,
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection");
    assertThat(client.servicesByTheOldName()).containsExactlyElementsOf(client.services());
    Map<String, Object> alice = Map.of("username", "alice", "password", "correct horse");

    Map<String, Object> registered = client.call(IDENTITY, "Register", alice);
    Map<String, Object> authenticated = client.call(IDENTITY, "Authenticate", alice);
    Map<String, Object> validated =
        client.call(IDENTITY, "ValidateToken", Map.of("token", authenticated.get("token")));
    Map<String, Object> document =
        client.call(IDENTITY, "ResolveDID", Map.of("did", registered.get("did")));

    assertThat((String) registered.get("did")).startsWith("did:key:z6Mk");
    assertThat((long) authenticated.get("expires_at"))
        .isGreaterThan(TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()));
    assertThat(validated)
        .containsEntry("user_id", registered.get("user_id"))
        .containsEntry("did", registered.get("did"))
        .containsEntry("role", "user");
    assertThat(document).containsEntry("id", registered.get("did"));
    assertThat((String) document.get("document_json")).contains("verificationMethod");
    assertThat((List<?>) document.get("verification_method")).isNotEmpty();
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> client.call(IDENTITY, "Register", alice))
        .withMessageContaining("ALREADY_EXISTS");
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> client.call(IDENTITY, "ValidateToken", Map.of("token", "forged")))
        .withMessageContaining("UNAUTHENTICATED");
  }

  @Test
  void everyKindOfHealthAnswers() throws Exception {
    OutsideClient client = new OutsideClient(node.channel("identity"));
    assertThat(client.call(HEALTH, "Check", Map.of())).containsEntry("status", "healthy");
    assertThat(client.call(IDENTITY, "Health", Map.of())).containsEntry("status", "healthy");
    for (String name : List.of("", "identity", IDENTITY)) {
      Map<String, Object> answer =
          client.call("grpc.health.v1.Health", "Check", Map.of("service", name));
      assertThat(answer.get("status")).hasToString("SERVING");
    }
  }
}
